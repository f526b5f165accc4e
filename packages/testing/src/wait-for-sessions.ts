import type { Pool } from 'pg';

/** As long as a test may take. */
const TIMEOUT_MS = 180_000;

/** Has a pool wait for its sessions: on a busy machine they are late, which is not the outage that it is in service. */
export function waitForSessions(pool: Pool): void {
  pool.options.connectionTimeoutMillis = TIMEOUT_MS;
}
