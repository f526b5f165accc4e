import { connect, createServer, type Socket } from 'node:net';

/** What becomes of a connection: it is served, cut off at the server's first answer, or never answered. */
type Fate = 'serve' | 'cut' | 'hold';

/** A way to a PostgreSQL server that can be disturbed as networks and dying servers disturb it. */
export interface TcpProxy {
  /** The server's URL by way of the proxy. */
  url: string;
  /** How many connections were accepted. */
  accepted(): number;
  /** The fates of the next connections, in turn; those after them are served. */
  next(...fates: Fate[]): void;
  /** Serves the connections that are held. */
  release(): void;
  /** Leaves the open connections half-open: nothing passes any more, and nobody is told. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const fates: Fate[] = [];
  const links = new Set<Link>();
  let accepted = 0;
  const server = createServer((client) => {
    accepted += 1;
    const link = new Link(client, Number(target.port), fates.shift() ?? 'serve');
    links.add(link);
    client.once('close', () => links.delete(link));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${address.port}`;
  return {
    url: proxied.href,
    accepted: () => accepted,
    next: (...next) => void fates.push(...next),
    release: () => {
      for (const link of links) link.serve();
    },
    freeze: () => {
      for (const link of links) link.freeze();
    },
    close: async () => {
      for (const link of links) link.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Link {
  readonly #client: Socket;
  readonly #port: number;
  readonly #isCut: boolean;
  #server: Socket | null = null;

  constructor(client: Socket, port: number, fate: Fate) {
    this.#client = client;
    this.#port = port;
    this.#isCut = fate === 'cut';
    client.on('error', () => undefined);
    client.once('close', () => this.#server?.destroy());
    if (fate !== 'hold') this.serve();
  }

  serve(): void {
    if (this.#server !== null) return;
    const server = connect(this.#port, '127.0.0.1');
    this.#server = server;
    server.on('error', () => undefined);
    server.once('close', () => this.#client.destroy());
    if (this.#isCut) server.once('data', () => this.destroy());
    this.#client.pipe(server).pipe(this.#client);
  }

  freeze(): void {
    if (this.#server === null) return;
    this.#client.unpipe();
    this.#server.unpipe();
    this.#client.pause();
    this.#server.pause();
  }

  destroy(): void {
    this.#client.destroy();
  }
}
