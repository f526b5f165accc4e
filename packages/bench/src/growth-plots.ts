import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { describeMachine } from './machine.ts';
import { type Axis, drawPlot, type Plot } from './plot.ts';
import type { Report, Series } from './report.ts';

type Machine = Pick<ReturnType<typeof describeMachine>, 'cpu' | 'cores' | 'memory_gib' | 'kernel' | 'node'>;

interface Sheet {
  title: string;
  x: Axis;
  left: Axis;
  right?: Axis & { unit: string };
}

const RATE: Axis = { label: 'runs/s', kind: 'linear' };

/** By the name of what grows, which is the file's too. */
const SHEETS: ReadonlyMap<string, Sheet> = new Map([
  [
    'jobs',
    {
      title: 'More jobs: throughput of a backlog, and lag at 50 runs/s',
      x: { label: 'jobs in the table, nearly all of them idle', kind: 'log' },
      left: RATE,
      right: { label: 'lag until the check arrives, ms', kind: 'linear', unit: 'ms' },
    },
  ],
  [
    'workers',
    {
      title: 'More workers: throughput of a backlog',
      x: { label: 'worker processes, all on this machine', kind: 'linear' },
      left: RATE,
    },
  ],
  [
    'payload',
    {
      title: 'Larger payloads: throughput of a backlog',
      x: { label: "bytes of a job's payload", kind: 'log' },
      left: RATE,
      right: { label: 'MB/s', kind: 'linear', unit: 'MB/s' },
    },
  ],
  [
    'latency',
    {
      title: 'Slower functions: throughput of a backlog, one worker',
      x: { label: 'until a function answers, ms', kind: 'symlog' },
      left: { ...RATE, kind: 'log' },
    },
  ],
]);

/** Draws what the growth benchmark found, each kind of growth as `<name>.svg` in the directory; answers their paths. */
export async function writePlots(
  directory: string,
  { series = [] }: Pick<Report, 'series'>,
  machine: Machine,
): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const paths: string[] = [];
  for (const [name, sheet] of SHEETS) {
    const own = series.filter(({ plot }) => plot === name);
    if (own.length === 0) continue;
    const path = join(directory, `${name}.svg`);
    await writeFile(path, `${drawPlot(plotOf(sheet, own, machine))}\n`);
    paths.push(path);
  }
  return paths;
}

function plotOf({ right, ...sheet }: Sheet, series: readonly Series[], machine: Machine): Plot {
  const lines = series.map(({ name, unit, points, isComputed = false }): Plot['lines'][number] => ({
    name,
    axis: unit === right?.unit ? 'right' : 'left',
    isDashed: isComputed,
    points,
  }));
  return { ...sheet, ...(right && { right }), lines, footer: footerOf(machine) };
}

function footerOf({ cpu, cores, memory_gib, kernel, node }: Machine): string[] {
  return [
    `${cpu}, ${cores} cores, ${memory_gib} GiB, ${kernel}, Node ${node}; functions and PostgreSQL run on it too`,
    'medians, with bars from the lowest to the highest round',
  ];
}
