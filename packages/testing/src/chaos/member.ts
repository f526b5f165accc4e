import type { AppName, AppProcess, ProcessExit, ProcessHarness } from '../process-harness.ts';
import type { Life } from './evidence.ts';

/** A place for a process of the service, and its settings. */
export interface Slot {
  name: string;
  app: AppName;
  env: NodeJS.ProcessEnv;
}

/** What runs in a slot now. */
export interface Member {
  slot: Slot;
  life: Life;
  process: AppProcess;
  /** Resolves when it has ended, and its life says how. */
  ended: Promise<void>;
}

/** Starts a process in a slot, and writes down its life. */
export function startMember(harness: ProcessHarness, slot: Slot): Member {
  const process = harness.start(slot.app, slot.env);
  const life: Life = {
    name: slot.name,
    app: slot.app,
    pid: process.pid,
    startedAt: Date.now(),
    readyAt: null,
    endedAt: null,
    code: null,
    signal: null,
    endedBy: null,
    errors: [],
    findings: [],
  };
  void noteReady(life, process);
  return { slot, life, process, ended: noteEnd(life, process) };
}

/** What each process wrote, by a name for a file. */
export function logsOf(members: readonly Member[]): { name: string; text: string }[] {
  return members.map(({ life, process: { lines } }) => ({
    name: `${life.name}-${life.pid}.log`,
    text: lines.map(({ text }) => `${text}\n`).join(''),
  }));
}

async function noteReady(life: Life, process: AppProcess): Promise<void> {
  try {
    await process.untilLine(`${life.app} started`, Infinity);
    life.readyAt = Date.now();
  } catch {
    // It ended before; its life says so.
  }
}

async function noteEnd(life: Life, process: AppProcess): Promise<void> {
  noteExit(life, await process.untilExit(Infinity));
  noteLog(life, process);
}

function noteExit(life: Life, { code, signal }: ProcessExit): void {
  life.endedAt = Date.now();
  life.code = code;
  life.signal = signal;
}

function noteLog(life: Life, { lines }: AppProcess): void {
  for (const { text, event } of lines) {
    if (event['level'] === 'error') life.errors.push(text);
    if (event['message'] === 'ledger scan') life.findings.push(String(event['kind']));
  }
}
