import { sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { DEFAULT_PARTITION, HISTORY, partitionName, partitionStart } from './partition-names.ts';

const DAY_MS = 86_400_000;
/** Days for which partitions stand ready, counted from today. */
const DAYS_AHEAD = 3;
/**
 * An execution grows to about three times its size until it is finished: with room for that on its page, its changes but
 * for the last one, which takes it out of the index of open ones, touch no index (HOT).
 */
const STORAGE = 'fillfactor = 40';
/** An audit may read the history for seconds, and whoever waits to change its partitions holds up every claim. */
const LOCK_TIMEOUT = '1s';

/** What a partition holds is from `from` on, and before `to`. */
export interface Span {
  from: Date;
  to: Date;
}

/** A day of the history, or a part of one. */
export interface Partition extends Span {
  name: string;
}

/**
 * Creates the daily partitions of the history from yesterday to three days ahead. Occurrences outside of them go to the
 * default partition, so nothing is ever refused. Safe to call from many replicas at once.
 */
export async function ensurePartitions(db: Database, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await takeTurn(trx);
    const missing = missingDays(now, await listPartitions(trx));
    if (missing.length === 0) return;
    await lockHistory(trx);
    for (const from of missing) await createPartition(trx, { from, to: nextDay(from) });
  });
}

/** Not yesterday once today is there: it has been dropped then, and an empty one would say that it is whole. */
function missingDays(now: Date, partitions: readonly Partition[]): Date[] {
  const existing = new Set(partitions.map(({ from }) => startOfDay(from).getTime()));
  const today = startOfDay(now).getTime();
  const first = existing.has(today) ? 0 : -1;
  const days = Array.from({ length: DAYS_AHEAD + 1 - first }, (_, n) => today + (first + n) * DAY_MS);
  return days.filter((day) => !existing.has(day)).map((day) => new Date(day));
}

/** Attached once it holds what the default partition has of its span: PostgreSQL refuses to split that off by itself. */
export async function createPartition(trx: Transaction, span: Span): Promise<string> {
  const name = partitionName(span.from);
  await sql`
    CREATE TABLE ${sql.table(name)} (LIKE ${sql.table(HISTORY)} INCLUDING ALL) WITH (${sql.raw(STORAGE)})`.execute(
    trx,
  );
  await giveToOwner(trx, name);
  await sql`
    WITH moved AS (
      DELETE FROM ${sql.table(DEFAULT_PARTITION)}
      WHERE scheduled_for >= ${literal(span.from)} AND scheduled_for < ${literal(span.to)}
      RETURNING *
    )
    INSERT INTO ${sql.table(name)} SELECT * FROM moved`.execute(trx);
  await attachPartition(trx, { ...span, name });
  return name;
}

/** Only the owner of the history drops its partitions, and that need not be the role that migrates. */
async function giveToOwner(trx: Transaction, name: string): Promise<void> {
  const { rows } = await sql<{ owner: string }>`
    SELECT relowner::regrole::text AS owner FROM pg_class WHERE oid = ${HISTORY}::regclass`.execute(trx);
  for (const { owner } of rows) {
    await sql`ALTER TABLE ${sql.table(name)} OWNER TO ${sql.raw(owner)}`.execute(trx);
  }
}

export async function attachPartition(trx: Transaction, { name, from, to }: Partition): Promise<void> {
  await sql`
    ALTER TABLE ${sql.table(HISTORY)} ATTACH PARTITION ${sql.table(name)}
    FOR VALUES FROM (${literal(from)}) TO (${literal(to)})`.execute(trx);
}

export async function detachPartition(trx: Transaction, name: string): Promise<void> {
  await sql`ALTER TABLE ${sql.table(HISTORY)} DETACH PARTITION ${sql.table(name)}`.execute(trx);
}

/** No parameters: PostgreSQL takes none in a definition. */
function literal(instant: Date) {
  return sql.lit(instant.toISOString());
}

/**
 * Drops the partitions that end before `oldest` or with it, and answers their names: no vacuum, no row by row deletion, but
 * for the few that the default partition has of the days before. Executions that are under way are kept.
 */
export async function dropPartitionsBefore(db: Database, oldest: Date): Promise<string[]> {
  const old = (await listPartitions(db)).filter(({ to }) => to <= oldest);
  for (const { name } of old) await dropPartition(db, name);
  await sql`
    DELETE FROM ${sql.table(DEFAULT_PARTITION)}
    WHERE scheduled_for < ${startOfDay(oldest)} AND completed_at IS NOT NULL`.execute(db);
  return old.map(({ name }) => name);
}

async function dropPartition(db: Database, name: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await takeTurn(trx);
    const partitions = await listPartitions(trx);
    // Another replica has been faster.
    if (!partitions.some((partition) => partition.name === name)) return;
    await lockHistory(trx);
    await detachPartition(trx, name);
    // What is under way goes to the default partition and goes on from there.
    await sql`
      INSERT INTO ${sql.table(HISTORY)} SELECT * FROM ${sql.table(name)} WHERE completed_at IS NULL`.execute(
      trx,
    );
    await sql`DROP TABLE ${sql.table(name)}`.execute(trx);
  });
}

/** Replicas change the partitions one after the other. */
export async function takeTurn(trx: Transaction): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext(${HISTORY}))`.execute(trx);
}

/** Nobody reads or writes the history until the transaction ends: statements that are planned must not miss what moves. */
export async function lockHistory(trx: Transaction): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(trx);
  await sql`LOCK TABLE ${sql.table(HISTORY)} IN ACCESS EXCLUSIVE MODE`.execute(trx);
}

/** The first instant from which on the history is whole; null if there are no partitions yet. */
export async function oldestHistory(db: Database): Promise<Date | null> {
  const [oldest] = await listPartitions(db);
  return oldest?.from ?? null;
}

/** All but the default partition, in the order of their spans: each goes on to the next one, or to the end of its day. */
export async function listPartitions(db: Database): Promise<Partition[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ${HISTORY}::regclass ORDER BY 1`.execute(db);
  return asPartitions(rows.map(({ name }) => name));
}

function asPartitions(names: readonly string[]): Partition[] {
  const starts = names.flatMap((name) => {
    const from = partitionStart(name);
    return from === null ? [] : [{ name, from }];
  });
  return starts.map((start, index) => {
    const end = nextDay(startOfDay(start.from));
    const next = starts[index + 1]?.from ?? end;
    return { ...start, to: next < end ? next : end };
  });
}

function nextDay(day: Date): Date {
  return new Date(day.getTime() + DAY_MS);
}

/** In UTC. */
export function startOfDay(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / DAY_MS) * DAY_MS);
}
