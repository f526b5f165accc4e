import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';

const DAY_MS = 86_400_000;
/** Days for which partitions stand ready, counted from today. */
const DAYS_AHEAD = 3;
const TABLE = 'automation_executions';
const DEFAULT_PARTITION = 'automation_executions_default';
/**
 * An execution grows to about three times its size until it is finished: with room for that on its page, its changes but
 * for the last one, which takes it out of the index of open ones, touch no index (HOT).
 */
const STORAGE = 'fillfactor = 40';
const PARTITION_NAME = /_p(\d{4})(\d{2})(\d{2})$/;
/** An audit may read the history for seconds, and whoever waits to change its partitions holds up every claim. */
const LOCK_TIMEOUT = '1s';

/**
 * Creates the daily partitions of the history from yesterday to three days ahead. Occurrences outside of them go to the
 * default partition, so nothing is ever refused. Safe to call from many replicas at once.
 */
export async function ensurePartitions(db: Database, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await takeTurn(trx);
    const existing = new Set(await partitionNames(trx));
    const missing = daysAround(now).filter((day) => !existing.has(partitionName(day)));
    if (missing.length === 0) return;
    await boundLockWaits(trx);
    // Statements that are planned already must not miss what moves into a new partition.
    await sql`LOCK TABLE ${sql.table(TABLE)} IN ACCESS EXCLUSIVE MODE`.execute(trx);
    for (const day of missing) await createPartition(trx, day);
  });
}

/** Attached once it holds what the default partition has of its day: PostgreSQL refuses to split that off by itself. */
async function createPartition(trx: Transaction, day: Date): Promise<void> {
  const partition = sql.table(partitionName(day));
  const from = sql.lit(day.toISOString());
  const to = sql.lit(new Date(day.getTime() + DAY_MS).toISOString());
  await sql`
    CREATE TABLE ${partition} (LIKE ${sql.table(TABLE)} INCLUDING ALL) WITH (${sql.raw(STORAGE)})`.execute(
    trx,
  );
  await sql`
    WITH moved AS (
      DELETE FROM ${sql.table(DEFAULT_PARTITION)} WHERE scheduled_for >= ${from} AND scheduled_for < ${to}
      RETURNING *
    )
    INSERT INTO ${partition} SELECT * FROM moved`.execute(trx);
  await sql`
    ALTER TABLE ${sql.table(TABLE)} ATTACH PARTITION ${partition} FOR VALUES FROM (${from}) TO (${to})`.execute(
    trx,
  );
}

/**
 * Drops the partitions of the days before `oldest` and answers their names: no vacuum, no row by row deletion, but for the
 * few that the default partition has of those days.
 */
export async function dropPartitionsBefore(db: Database, oldest: Date): Promise<string[]> {
  const day = startOfDay(oldest);
  const limit = partitionName(day);
  const old = (await partitionNames(db)).filter((name) => PARTITION_NAME.test(name) && name < limit);
  for (const name of old) await dropPartition(db, name);
  await sql`DELETE FROM ${sql.table(DEFAULT_PARTITION)} WHERE scheduled_for < ${day}`.execute(db);
  return old;
}

async function dropPartition(db: Database, name: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // PostgreSQL fails, IF EXISTS or not, on one that another replica is just dropping.
    await takeTurn(trx);
    await boundLockWaits(trx);
    await sql`DROP TABLE IF EXISTS ${sql.table(name)}`.execute(trx);
  });
}

/** Replicas change the partitions one after the other. */
async function takeTurn(trx: Transaction): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext(${TABLE}))`.execute(trx);
}

async function boundLockWaits(trx: Transaction): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(trx);
}

/** The first day of which the history is whole; null if there are no partitions yet. */
export async function oldestHistory(db: Database): Promise<Date | null> {
  const days = (await partitionNames(db)).flatMap(
    (name) => PARTITION_NAME.exec(name)?.slice(1).join('-') ?? [],
  );
  const [oldest] = days;
  return oldest === undefined ? null : new Date(oldest);
}

async function partitionNames(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ${TABLE}::regclass ORDER BY 1`.execute(db);
  return rows.map((row) => row.name);
}

/** From yesterday on. */
function daysAround(now: Date): Date[] {
  return Array.from({ length: DAYS_AHEAD + 2 }, (_, n) =>
    startOfDay(new Date(now.getTime() + (n - 1) * DAY_MS)),
  );
}

function partitionName(day: Date): string {
  return `${TABLE}_p${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** In UTC. */
export function startOfDay(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / DAY_MS) * DAY_MS);
}
