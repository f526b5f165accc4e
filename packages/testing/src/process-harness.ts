import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { waitUntil } from './wait-until.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const LINE_TIMEOUT_MS = 30_000;
/** Longer than the default grace period and what may come after it. */
const EXIT_TIMEOUT_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export type AppName = 'api' | 'scheduler' | 'worker' | 'local';

type StreamName = 'stdout' | 'stderr';

/** A line that an app wrote. */
export interface OutputLine {
  stream: StreamName;
  text: string;
  /** The fields of a JSON log line; empty for any other line. */
  event: Record<string, unknown>;
}

export interface ProcessExit {
  /** Null after a signal that killed it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** An app's main that runs as a process, in a process group of its own. */
export interface AppProcess {
  readonly pid: number;
  /** Every line so far, in the order in which they arrived. */
  readonly lines: readonly OutputLine[];
  /** What was written to a stream so far. */
  text(stream: StreamName): string;
  /**
   * Answers the first line that has this message in the log, matches, or is wanted; waits for it if need be. Throws with
   * the output if the process ends without one.
   */
  untilLine(
    wanted: string | RegExp | ((line: OutputLine) => boolean),
    timeoutMs?: number,
  ): Promise<OutputLine>;
  /** Signals the process and the children in its group; one that has ended is left alone. */
  signal(signal: NodeJS.Signals): void;
  /** Waits until the process has ended and all its output is read. */
  untilExit(timeoutMs?: number): Promise<ProcessExit>;
}

/** Where the main of an app is, absolute or from the root of the repository. */
export type MainOf = (name: AppName) => string;

/** Starts apps, and answers for it that none of them is left. */
export interface ProcessHarness {
  /** Runs an app's main with no settings but these. */
  start(name: AppName, env: NodeJS.ProcessEnv): AppProcess;
  /** Kills every process that is left, a stopped one too. */
  killAll(): Promise<void>;
}

const sourceOf: MainOf = (name) => `apps/${name}/src/main.ts`;

export function createProcessHarness(mainOf = sourceOf): ProcessHarness {
  const started = new Set<AppProcess>();
  return {
    start: (name, env) => {
      const app = startApp(name, mainOf(name), env);
      started.add(app);
      return app;
    },
    killAll: async () => {
      for (const app of started) app.signal('SIGKILL');
      await Promise.all([...started].map((app) => app.untilExit()));
      started.clear();
    },
  };
}

function startApp(name: AppName, main: string, env: NodeJS.ProcessEnv): AppProcess {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [main], {
    cwd: REPOSITORY,
    detached: true,
    env: { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${process.execPath}`);
  return new ChildApp(name, pid, child);
}

class ChildApp implements AppProcess {
  readonly pid: number;
  readonly lines: OutputLine[] = [];
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<ProcessExit>;
  #exit: ProcessExit | null = null;

  constructor(name: string, pid: number, child: ChildProcess) {
    this.pid = pid;
    this.#name = name;
    this.#child = child;
    this.#ended = this.#watch();
  }

  text(stream: StreamName): string {
    return this.lines.flatMap((line) => (line.stream === stream ? [`${line.text}\n`] : [])).join('');
  }

  async untilLine(
    wanted: string | RegExp | ((line: OutputLine) => boolean),
    timeoutMs = LINE_TIMEOUT_MS,
  ): Promise<OutputLine> {
    const isWanted = predicate(wanted);
    const what = `a line that is wanted by ${String(wanted)}`;
    let found: OutputLine | ProcessExit;
    try {
      found = await waitUntil(() => this.lines.find(isWanted) ?? this.#exit, { timeoutMs });
    } catch (error) {
      throw this.#failure(`waited ${timeoutMs} ms in vain for ${what}`, error);
    }
    if ('text' in found) return found;
    throw this.#failure(`ended (${found.code ?? found.signal}) without ${what}`);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) process.kill(-this.pid, signal);
  }

  async untilExit(timeoutMs = EXIT_TIMEOUT_MS): Promise<ProcessExit> {
    const waiting = new AbortController();
    const late = delay(Math.min(timeoutMs, LONGEST_TIMER_MS), null, { signal: waiting.signal });
    late.catch(() => undefined);
    const exit = await Promise.race([this.#ended, late]);
    waiting.abort();
    if (exit === null) throw this.#failure(`has not ended within ${timeoutMs} ms`);
    return exit;
  }

  async #watch(): Promise<ProcessExit> {
    const { stdout, stderr } = this.#child;
    await Promise.all([
      once(this.#child, 'exit'),
      this.#collect('stdout', stdout),
      this.#collect('stderr', stderr),
    ]);
    this.#exit = { code: this.#child.exitCode, signal: this.#child.signalCode };
    return this.#exit;
  }

  async #collect(stream: StreamName, source: Readable | null): Promise<void> {
    if (source === null) return;
    for await (const text of createInterface({ input: source })) {
      this.lines.push({ stream, text, event: eventOf(text) });
    }
  }

  #failure(what: string, cause?: unknown): Error {
    const output = this.lines.map((line) => line.text).join('\n');
    return new Error(`${this.#name} (${this.pid}): ${what}; it wrote:\n${output}`, { cause });
  }
}

function predicate(wanted: string | RegExp | ((line: OutputLine) => boolean)): (line: OutputLine) => boolean {
  if (typeof wanted === 'string') return (line) => line.event['message'] === wanted;
  if (typeof wanted === 'function') return wanted;
  return (line) => wanted.test(line.text);
}

function eventOf(text: string): Record<string, unknown> {
  if (!text.startsWith('{')) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? { ...value } : {};
  } catch {
    return {};
  }
}
