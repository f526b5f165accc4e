import { type Client, type ClientConfig, Pool, type PoolClient } from 'pg';

import { clientWatchedBy, SessionWatch } from './session-watch.ts';

/** A pool of such sessions that gives up half-open sessions, and with one of them all that nobody uses: they went the same way. */
export function openPool(connection: ClientConfig, max: number, Session: typeof Client): Pool {
  const idle = new Set<PoolClient>();
  const watch = new SessionWatch(connection, () => {
    for (const session of idle) session.connection.stream.destroy();
  });
  const pool = new Pool({ ...connection, max, Client: clientWatchedBy(watch, Session) });
  pool.on('release', (_error, session) => idle.add(session));
  pool.on('acquire', (session) => idle.delete(session));
  pool.on('remove', (session) => idle.delete(session));
  // Of a session that breaks between two statements of a transaction the next statement tells; unheard, the event would
  // end the process.
  pool.on('connect', (session) => session.on('error', () => undefined));
  return pool;
}
