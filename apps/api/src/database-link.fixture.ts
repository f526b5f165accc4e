import { connect, createServer, type Socket } from 'node:net';

/** A way to the database that can be broken and mended, as a network or a server that goes down does it. */
export interface DatabaseLink {
  url: string;
  /** From now on each new connection ends at once; the open ones end, here and below. */
  cut(): void;
  /** From now on a new connection is taken and gets no answer. */
  silence(): void;
  /** From now on a new connection leads to the database. */
  mend(): void;
  close(): Promise<void>;
}

export async function linkTo(databaseUrl: string): Promise<DatabaseLink> {
  const target = new URL(databaseUrl);
  const clients = new Set<Socket>();
  let state: 'up' | 'cut' | 'silent' = 'up';
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('close', () => clients.delete(client));
    clients.add(client);
    if (state === 'cut') client.destroy();
    if (state === 'up') forward(client, target);
  });
  const turn = (next: typeof state): void => {
    state = next;
    for (const client of clients) client.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: addressed(target, server.address()),
    cut: () => turn('cut'),
    silence: () => turn('silent'),
    mend: () => turn('up'),
    close: async () => {
      turn('cut');
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(client: Socket, target: URL): void {
  const upstream = connect(Number(target.port), target.hostname);
  upstream.on('error', () => undefined);
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
  client.pipe(upstream).pipe(client);
}

function addressed(target: URL, address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  return url.href;
}
