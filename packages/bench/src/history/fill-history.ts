import { type Database, ensurePartitions } from '@automation/store';
import { Pool } from 'pg';

const DAY_MS = 86_400_000;
const TABLE = 'automation_executions';
/** A statement's, so that filling shows its progress. */
const ROWS_PER_STATEMENT = 500_000;
/** One for each core. */
const CONNECTIONS = 2;
/** Of the executions; a few jobs have them, so that their histories are long. */
const SHARE_OF_LONG_HISTORIES = 0.1;
const LONG_HISTORIES = 100;
/** What a real drain leaves: about 2 kB for each execution, since pages keep room for executions to grow. */
const FILLFACTOR = 55;

export interface HistoryToFill {
  executions: number;
  /** Days before today; today has as much as half of one of them. */
  days: number;
  progress: (line: string) => void;
}

/** The jobs that have long histories: a hundredth of `SHARE_OF_LONG_HISTORIES` each. */
export interface FilledHistory {
  longHistories: string[];
  executionsOfEach: number;
}

interface Day {
  start: number;
  executions: number;
  spanMs: number;
  /** Of the first of its executions, among those of all days. */
  from: number;
}

/**
 * Writes finished executions of the jobs that are there, evenly over the days: copies of one that has succeeded, which
 * the ledger must hold. The partitions are left as autovacuum leaves them.
 */
export async function fillHistory(
  url: string,
  db: Database,
  { executions, days: dayCount, progress }: HistoryToFill,
): Promise<FilledHistory> {
  const days = planDays(executions, dayCount);
  // They begin with the day before.
  for (const { start } of days) await ensurePartitions(db, new Date(start + DAY_MS));
  const pool = new Pool({ connectionString: url, max: CONNECTIONS, options: '-c work_mem=256MB' });
  try {
    await createSources(pool);
    let filled = 0;
    const left = [...days];
    const work = async () => {
      for (let day = left.shift(); day !== undefined; day = left.shift()) {
        await fillDay(pool, day);
        filled += day.executions;
        progress(`${filled} of ${executions} executions filled`);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM bench_jobs WHERE n < $1 ORDER BY n', [
      LONG_HISTORIES,
    ]);
    return {
      longHistories: rows.map(({ id }) => id),
      executionsOfEach: Math.round((executions * SHARE_OF_LONG_HISTORIES) / LONG_HISTORIES),
    };
  } finally {
    await pool.query('DROP TABLE IF EXISTS bench_jobs, bench_execution');
    await pool.end();
  }
}

function planDays(executions: number, days: number): Day[] {
  const now = Date.now();
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const perDay = Math.round(executions / (days + 0.5));
  return Array.from({ length: days + 1 }, (_, n) => {
    const start = today - (days - n) * DAY_MS;
    return {
      start,
      executions: start < today ? perDay : executions - days * perDay,
      spanMs: start < today ? DAY_MS : Math.max(now - today, 60_000),
      from: n * perDay,
    };
  });
}

/** The jobs, numbered, and the execution that is copied. */
async function createSources(pool: Pool): Promise<void> {
  await pool.query(
    `CREATE UNLOGGED TABLE bench_jobs AS
     SELECT (row_number() OVER (ORDER BY id) - 1)::int AS n, id FROM automation_jobs`,
  );
  await pool.query('ALTER TABLE bench_jobs ADD PRIMARY KEY (n)');
  const { rowCount } = await pool.query(
    `CREATE UNLOGGED TABLE bench_execution AS
     SELECT * FROM ${TABLE} WHERE status = 'succeeded' LIMIT 1`,
  );
  if (rowCount !== 1) throw new Error('the ledger has no execution that could be copied');
  await pool.query('ANALYZE bench_jobs, bench_execution');
}

async function fillDay(pool: Pool, day: Day): Promise<void> {
  const partition = `${TABLE}_p${new Date(day.start).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const { rows } = await pool.query<{ fillfactor: string | null }>(
    `SELECT substring(array_to_string(reloptions, ',') FROM 'fillfactor=(\\d+)') AS fillfactor
     FROM pg_class WHERE oid = $1::regclass`,
    [partition],
  );
  await pool.query(`ALTER TABLE ${partition} SET (fillfactor = ${FILLFACTOR})`);
  for (let first = 0; first < day.executions; first += ROWS_PER_STATEMENT)
    await insertExecutions(pool, day, first, Math.min(first + ROWS_PER_STATEMENT, day.executions));
  await pool.query(`ALTER TABLE ${partition} SET (fillfactor = ${rows[0]?.fillfactor ?? 100})`);
  // At once, while its pages are in memory, and in the WAL already.
  await pool.query(`VACUUM (ANALYZE) ${partition}`);
}

/** Every tenth is of one of the jobs that have long histories; the others take the jobs in turn, day after day. */
async function insertExecutions(pool: Pool, day: Day, first: number, end: number): Promise<void> {
  await pool.query(
    `INSERT INTO ${TABLE} (
       id, job_id, account_id, function_id, trigger, scheduled_for, due_at, status, phase, attempts, completion_token,
       perform_input, check_result, perform_result, created_at, started_at, completed_at)
     SELECT (lpad(to_hex(ms), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid, o.job_id,
            e.account_id, e.function_id, e.trigger, at, at, e.status, e.phase, e.attempts, gen_random_uuid(),
            e.perform_input,
            e.check_result || jsonb_build_object(
              'id', o.job_id, 'startedAt', at + interval '5 ms', 'completedAt', at + interval '10 ms'),
            e.perform_result || jsonb_build_object(
              'id', o.job_id, 'startedAt', at + interval '15 ms', 'completedAt', at + interval '20 ms'),
            at, at + interval '5 ms', at + interval '21 ms'
     FROM (
       SELECT numbered.n, ms, to_timestamp(ms / 1000.0) AS at, bench_jobs.id AS job_id
       FROM (
         SELECT n, $1::bigint + n * $2::bigint / $3::bigint AS ms,
                CASE WHEN n % $7::int = 0 THEN n / $7::int % ${LONG_HISTORIES}
                     ELSE ($4::bigint + n) % (SELECT count(*) FROM bench_jobs) END AS job
         FROM generate_series($5::bigint, $6::bigint - 1) AS n
       ) numbered
       JOIN bench_jobs ON bench_jobs.n = numbered.job
       ORDER BY numbered.n
     ) o, bench_execution e`,
    [day.start, day.spanMs, day.executions, day.from, first, end, Math.round(1 / SHARE_OF_LONG_HISTORIES)],
  );
}
