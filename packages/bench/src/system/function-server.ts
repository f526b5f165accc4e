import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import {
  type FunctionServerRequest,
  type FunctionServerStats,
  isFunctionServerStats,
} from './function-server-message.ts';

/** The functions of a benchmark, all of them one server in a process of its own. */
export class FunctionServer {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, pid: number, port: number) {
    this.#child = child;
    this.pid = pid;
    this.url = `http://127.0.0.1:${port}/`;
  }

  static async start(): Promise<FunctionServer> {
    const child = fork(join(import.meta.dirname, 'function-server-process.ts'));
    const event: unknown[] = await once(child, 'message');
    const [message] = event;
    const port = Number(Reflect.get(Object(message), 'port'));
    if (child.pid === undefined) throw new Error('the function server has not started');
    return new FunctionServer(child, child.pid, port);
  }

  /** How much was received so far. */
  stats(): Promise<FunctionServerStats> {
    return this.#ask('stats');
  }

  /** The same with the lags, and starts anew. */
  take(): Promise<FunctionServerStats> {
    return this.#ask('take');
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  async #ask(request: FunctionServerRequest): Promise<FunctionServerStats> {
    const answered = once(this.#child, 'message');
    this.#child.send(request);
    const event: unknown[] = await answered;
    const [stats] = event;
    if (!isFunctionServerStats(stats))
      throw new Error(`the function server answered ${JSON.stringify(stats)}`);
    return stats;
  }
}
