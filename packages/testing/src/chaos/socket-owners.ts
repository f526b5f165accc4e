import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * Which of some processes holds the TCP connection from a local port to ours, by Linux's /proc; null if none of them
 * does (any more), or on another system. Connections of the same moment share one look.
 */
export class SocketOwners {
  readonly #pids: () => readonly number[];
  #waiting: { ends: string; resolve: (pid: number | null) => void }[] = [];
  #isLooking = false;

  constructor(pids: () => readonly number[]) {
    this.#pids = pids;
  }

  find(connection: { from: number; to: number }): Promise<number | null> {
    const ends = `${address(connection.from)} ${address(connection.to)} `;
    const { promise, resolve } = Promise.withResolvers<number | null>();
    this.#waiting.push({ ends, resolve });
    if (!this.#isLooking) void this.#look();
    return promise;
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      const [table, owners] = await Promise.all([readTable(), this.#owners()]);
      for (const { ends, resolve } of batch) resolve(owners.get(inodeIn(table, ends)) ?? null);
    }
    this.#isLooking = false;
  }

  /** By what /proc says that a descriptor is. */
  async #owners(): Promise<Map<string, number>> {
    const owners = new Map<string, number>();
    for (const pid of this.#pids()) for (const link of await linksOf(pid)) owners.set(link, pid);
    return owners;
  }
}

/** 127.0.0.1 and a port as /proc/net/tcp has them. */
function address(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

function readTable(): Promise<string> {
  return readFile('/proc/net/tcp', 'latin1').catch(() => '');
}

/** The table is searched as text: it has thousands of lines, and most are not ours. */
function inodeIn(table: string, ends: string): string {
  const at = table.indexOf(ends);
  if (at === -1) return '';
  const [, , , , , , , inode] = table.slice(at, table.indexOf('\n', at)).split(/\s+/).slice(1);
  return `socket:[${inode}]`;
}

async function linksOf(pid: number): Promise<string[]> {
  const directory = `/proc/${pid}/fd`;
  const descriptors = await readdir(directory).catch(() => []);
  return Promise.all(descriptors.map((descriptor) => readlink(`${directory}/${descriptor}`).catch(() => '')));
}
