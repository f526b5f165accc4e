import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, killProgram, startInstalled } from '@automation/testing';

/** A Redis of the benchmark's own, which keeps nothing on disk. */
export class RedisServer {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, pid: number, port: number, directory: string) {
    this.#child = child;
    this.pid = pid;
    this.url = `redis://127.0.0.1:${port}`;
    this.#directory = directory;
  }

  /** Starts `redis-server` of PATH; null if this machine has none. */
  static async start(): Promise<RedisServer | null> {
    const directory = await mkdtemp(join(tmpdir(), 'automation-bench-redis-'));
    const port = await freePort();
    const child = await startRedis(port, directory);
    if (child?.pid === undefined) {
      await rm(directory, { recursive: true, force: true });
      return null;
    }
    const server = new RedisServer(child, child.pid, port, directory);
    try {
      await untilReady(child);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async stop(): Promise<void> {
    await killProgram(this.#child);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function startRedis(port: number, directory: string): Promise<ChildProcess | null> {
  const settings = { port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return startInstalled('redis-server', args, ['ignore', 'pipe', 'inherit']);
}

/** Until it says that it accepts connections; what it says afterwards is read and dropped, lest the pipe fill up. */
async function untilReady({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new Error('redis-server has no stdout');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said.includes('Ready to accept connections')) return;
      said += text;
      if (said.includes('Ready to accept connections')) resolve();
    });
    stdout.on('end', () => reject(new Error(`redis-server has not started: ${said}`)));
  });
}
