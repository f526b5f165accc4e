import { connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of a connection: it leads to the database, ends with the first answer, or gets none until it is released. */
type Fate = 'serve' | 'cut' | 'hold';

/** A way to the database that can be broken and mended, as a network or a server that goes down does it. */
export interface DatabaseLink {
  url: string;
  /** How many connections were taken. */
  accepted(): number;
  /** The fates of the next connections, in turn. */
  next(...fates: Fate[]): void;
  /** Serves the connections that are held. */
  release(): void;
  /** From now on each new connection ends at once; the open ones end, here and below. */
  cut(): void;
  /** Leaves the open connections half-open: nothing passes any more, and nobody is told. New ones are served. */
  freeze(): void;
  /** Leaves the open connections half-open, and from now on a new one is taken and gets no answer. */
  silence(): void;
  /** From now on a new connection leads to the database; those that were silenced stay half-open. */
  mend(): void;
  close(): Promise<void>;
}

export async function linkTo(databaseUrl: string): Promise<DatabaseLink> {
  const target = new URL(databaseUrl);
  const connections = new Set<Connection>();
  const fates: Fate[] = [];
  let accepted = 0;
  let state: 'up' | 'cut' | 'silent' = 'up';
  const server = createServer((client) => {
    accepted += 1;
    const connection = new Connection(client, target, fates.shift());
    client.once('close', () => connections.delete(connection));
    connections.add(connection);
    if (state === 'cut') connection.cut();
    if (state === 'up') connection.open();
  });
  const cut = () => {
    state = 'cut';
    for (const connection of connections) connection.cut();
  };
  const freeze = () => {
    for (const connection of connections) connection.freeze();
  };
  const port = await listen(server);
  return {
    url: addressed(target, port),
    accepted: () => accepted,
    next: (...next) => void fates.push(...next),
    release: () => {
      for (const connection of connections) connection.serve();
    },
    cut,
    freeze,
    silence: () => {
      state = 'silent';
      freeze();
    },
    mend: () => {
      state = 'up';
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Connection {
  readonly #client: Socket;
  readonly #target: URL;
  readonly #fate: Fate;
  #upstream: Socket | null = null;

  constructor(client: Socket, target: URL, fate: Fate = 'serve') {
    this.#client = client;
    this.#target = target;
    this.#fate = fate;
    client.on('error', () => undefined);
    client.once('close', () => this.#upstream?.destroy());
  }

  open(): void {
    if (this.#fate !== 'hold') this.serve();
  }

  /** One that is served already stays as it is. */
  serve(): void {
    if (this.#upstream !== null) return;
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    this.#upstream = upstream;
    upstream.on('error', () => undefined);
    upstream.once('close', () => this.#client.destroy());
    // Before it is passed on.
    if (this.#fate === 'cut') upstream.once('data', () => this.cut());
    this.#client.pipe(upstream).pipe(this.#client);
  }

  /** Not even its end is seen, on either side. */
  freeze(): void {
    this.#client.unpipe();
    this.#client.pause();
    this.#upstream?.unpipe();
    this.#upstream?.pause();
  }

  cut(): void {
    this.#client.destroy();
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

function addressed(target: URL, port: number): string {
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}
