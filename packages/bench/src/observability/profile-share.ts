import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What V8 writes with `--cpu-prof`, of which only this is read. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  /** Ids of nodes. */
  samples: number[];
  /** µs before each sample. */
  timeDeltas: number[];
}

/** The profile that a process has written into a directory when it ended. Throws if there is none. */
export async function profileOf(directory: string, pid: number): Promise<CpuProfile> {
  const name = (await readdir(directory)).find((each) => each.includes(`.${pid}.0.`));
  if (name === undefined) throw new Error(`process ${pid} has left no profile in ${directory}`);
  return readProfile(await readFile(join(directory, name), 'utf8'));
}

function readProfile(text: string): CpuProfile {
  const value: unknown = JSON.parse(text);
  if (!isProfile(value)) throw new Error('not a CPU profile');
  return value;
}

function isProfile(value: unknown): value is CpuProfile {
  return typeof value === 'object' && value !== null && 'nodes' in value && 'timeDeltas' in value;
}

/** The share of a process's CPU time that goes to code of such files, and to whatever that code calls. */
export function shareOf({ nodes, samples, timeDeltas }: CpuProfile, files: RegExp): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const counted = new Set<number>();
  const count = (id: number): void => {
    counted.add(id);
    for (const child of byId.get(id)?.children ?? []) count(child);
  };
  for (const { id, callFrame } of nodes) if (files.test(callFrame.url) && !counted.has(id)) count(id);
  const idle = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  let [busy, matching] = [0, 0];
  for (const [index, id] of samples.entries()) {
    if (idle.has(id)) continue;
    busy += timeDeltas[index] ?? 0;
    if (counted.has(id)) matching += timeDeltas[index] ?? 0;
  }
  return matching / busy;
}
