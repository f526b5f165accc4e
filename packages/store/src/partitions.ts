import { sql } from 'kysely';

import type { Database } from './database.ts';

const DAY_MS = 86_400_000;
/** Days for which partitions stand ready, counted from today. */
const DAYS_AHEAD = 3;
const TABLE = 'automation_executions';

/**
 * Creates the daily partitions of the history from yesterday to three days ahead. Occurrences outside of them go to the
 * default partition, so nothing is ever refused. Safe to call from many replicas at once.
 */
export async function ensurePartitions(db: Database, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${TABLE}))`.execute(trx);
    const existing = new Set(await partitionNames(trx));
    for (let day = -1; day <= DAYS_AHEAD; day++) {
      const from = startOfDay(new Date(now.getTime() + day * DAY_MS));
      const to = new Date(from.getTime() + DAY_MS);
      if (existing.has(partitionName(from))) continue;
      await sql`
        CREATE TABLE ${sql.table(partitionName(from))} PARTITION OF ${sql.table(TABLE)}
        FOR VALUES FROM (${sql.lit(from.toISOString())}) TO (${sql.lit(to.toISOString())})`.execute(trx);
    }
  });
}

/** Drops the partitions of the days before `oldest` and answers their names: no vacuum, no row by row deletion. */
export async function dropPartitionsBefore(db: Database, oldest: Date): Promise<string[]> {
  const limit = partitionName(startOfDay(oldest));
  const old = (await partitionNames(db)).filter((name) => /_p\d{8}$/.test(name) && name < limit);
  for (const name of old) await sql`DROP TABLE IF EXISTS ${sql.table(name)}`.execute(db);
  return old;
}

async function partitionNames(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ${TABLE}::regclass ORDER BY 1`.execute(db);
  return rows.map((row) => row.name);
}

function partitionName(day: Date): string {
  return `${TABLE}_p${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function startOfDay(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / DAY_MS) * DAY_MS);
}
