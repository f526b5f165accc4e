import { sql } from 'kysely';

import type { Transaction } from './database.ts';

/** A process that is connected to the database. */
export interface Replica {
  service: string;
  /** Machine and process id. */
  name: string;
  connections: number;
  connectedSince: Date;
  /** When it last did anything here. */
  lastActiveAt: Date;
}

const MOST = 1_000;

/**
 * The api, scheduler and worker processes that are connected now, by what they call themselves (`replicaName`). Each holds
 * one session for as long as it runs, so nobody has to write down that it is alive.
 */
export async function listReplicas(trx: Transaction): Promise<Replica[]> {
  const { rows } = await sql<Replica>`
    SELECT split_part(substr(application_name, length('automation-') + 1), '@', 1) AS service,
           split_part(application_name, '@', 2) AS name, count(*) AS connections,
           min(backend_start) AS connected_since, max(state_change) AS last_active_at
    FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'automation-%@%'
    GROUP BY application_name ORDER BY service, name LIMIT ${MOST}`.execute(trx);
  return rows;
}
