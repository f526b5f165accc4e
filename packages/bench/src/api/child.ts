import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the benchmark's own. It answers one message after the other, and ends when its parent lets go of it. */
export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(script: string, args: readonly string[] = []) {
    this.#process = fork(join(import.meta.dirname, script), args);
    this.#ended = once(this.#process, 'exit');
    const { pid } = this.#process;
    if (pid === undefined) throw new Error(`${script} has not started`);
    this.pid = pid;
  }

  /** Its next message. Throws if it ends without one; it has then said why on stderr. */
  async answer(): Promise<unknown> {
    const failed = this.#ended.then(() => {
      throw new Error('a process of the benchmark has failed');
    });
    const event: unknown[] = await Promise.race([once(this.#process, 'message'), failed]);
    const [message] = event;
    return message;
  }

  async ask(question: object): Promise<unknown> {
    const answer = this.answer();
    this.#process.send(question);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#ended;
  }
}
