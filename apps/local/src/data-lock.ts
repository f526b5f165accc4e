import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

import { errorCode } from './error-code.ts';

const IN_USE = 'in use';

/** A holder that is only just opening its socket refuses once or twice as well. */
const REFUSALS_OF_THE_DEAD = 5;
const RETRY_MS = 20;

/** What a connection says when nobody is at its other end. */
const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT']);

/**
 * Keeps all other processes out until this one ends, however it ends: the lock is a socket, which stops answering by
 * itself. A holder that is ending is waited for.
 *
 * @param isInUse whether this process, once it holds the lock, is there to stay
 * @returns false if the holder is there to stay
 */
export async function takeLock(file: string, isInUse: () => boolean): Promise<boolean> {
  const path = shortest(file);
  let refusals = 0;
  while (!(await opened(path, isInUse))) {
    const answer = await ask(path);
    if (answer === IN_USE) return false;
    refusals = answer === null ? refusals + 1 : 0;
    if (refusals > 0 && refusals % REFUSALS_OF_THE_DEAD === 0) await rm(path, { force: true });
    else await delay(RETRY_MS);
  }
  return true;
}

/** The system takes no path of a socket that is longer than some 100 characters. */
function shortest(path: string): string {
  const fromHere = relative('', path);
  return fromHere.length < path.length ? fromHere : path;
}

async function opened(path: string, isInUse: () => boolean): Promise<boolean> {
  // A connection that is not answered ends with this process.
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (isInUse()) socket.end(IN_USE);
  });
  try {
    const listening = once(server, 'listening');
    server.listen(path).unref();
    await listening;
    return true;
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return false;
    throw error;
  }
}

/** What the holder says, once it says it or ends; null if there is none. */
async function ask(path: string): Promise<string | null> {
  try {
    return await text(connect(path));
  } catch (error) {
    if (GONE.has(errorCode(error))) return null;
    throw error;
  }
}
