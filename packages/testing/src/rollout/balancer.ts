import { get } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;
/** One that takes longer to say that it is ready is not. */
const PROBE_TIMEOUT_MS = 2_000;

interface Target {
  port: number;
  isReady: boolean;
}

/**
 * What a Kubernetes Service is to a client: each new connection goes to the next replica whose /readyz says 200, and stays
 * with it. Where none is ready, or the one that was chosen is gone, the connection is closed.
 */
export class Balancer {
  /** Connections for which there was no replica. */
  unserved = 0;
  readonly #targets = new Map<number, Target>();
  readonly #polling = new AbortController();
  readonly #server: Server = createServer((client) => this.#forward(client));
  #next = 0;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on a replica is asked whether it is ready. */
  add(port: number): void {
    const target = { port, isReady: false };
    this.#targets.set(port, target);
    void this.#poll(target);
  }

  remove(port: number): void {
    this.#targets.delete(port);
  }

  isReady(port: number): boolean {
    return this.#targets.get(port)?.isReady ?? false;
  }

  async close(): Promise<void> {
    this.#polling.abort();
    this.#targets.clear();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async #poll(target: Target): Promise<void> {
    while (this.#targets.get(target.port) === target && !this.#polling.signal.aborted) {
      target.isReady = await isReady(target.port);
      await delay(POLL_MS);
    }
  }

  #forward(client: Socket): void {
    client.on('error', () => undefined);
    const ready = [...this.#targets.values()].filter((target) => target.isReady);
    const target = ready[(this.#next += 1) % ready.length];
    if (target === undefined) {
      this.unserved += 1;
      client.destroy();
      return;
    }
    let isTaken = false;
    const upstream = connect(target.port, '127.0.0.1', () => (isTaken = true));
    upstream.on('error', () => {
      if (!isTaken) this.unserved += 1;
    });
    upstream.once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  }
}

/** By a connection of its own: one that is kept alive would not see that the replica takes no new ones. */
async function isReady(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get({ port, host: '127.0.0.1', path: '/readyz', agent: false, timeout: PROBE_TIMEOUT_MS });
  request.once('response', (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.once('timeout', () => request.destroy());
  request.once('error', () => resolve(false));
  request.once('close', () => resolve(false));
  return promise;
}
