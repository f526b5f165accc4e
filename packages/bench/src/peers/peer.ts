import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { PeerCommand } from './peer-message.ts';

/** An engine that does the same work, in a process of its own. */
export class Peer {
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
  }

  /** Starts a peer's process; its settings are environment variables. */
  static async start(script: string, settings: NodeJS.ProcessEnv): Promise<Peer> {
    const { PATH } = process.env;
    const child = fork(join(import.meta.dirname, script), { env: { PATH, ...settings } });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${script} has not started`);
    const peer = new Peer(child, pid);
    try {
      await peer.#answer();
    } catch (error) {
      await peer.stop();
      throw error;
    }
    return peer;
  }

  async tell(command: PeerCommand): Promise<void> {
    const answered = this.#answer();
    this.#child.send(command);
    await answered;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async #answer(): Promise<void> {
    const answered = new AbortController();
    const next = (name: 'message' | 'exit') => once(this.#child, name, { signal: answered.signal });
    try {
      const event: unknown[] = await Promise.race([next('message'), next('exit')]);
      const [answer] = event;
      const kind: unknown = Reflect.get(Object(answer), 'kind');
      if (kind !== 'ready' && kind !== 'done') throw new Error(`a peer answered ${JSON.stringify(answer)}`);
    } finally {
      // The one that did not come is no longer listened for.
      answered.abort();
    }
  }
}
