import type { ChaosPostgres } from './chaos-postgres.ts';
import type {
  Ledger,
  LedgerExecution,
  LedgerJob,
  LedgerMissed,
  LedgerPhase,
  LedgerSpan,
} from './evidence.ts';

/** An instant as milliseconds since the epoch. */
const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::float8`;

const JOBS = `
  SELECT id, name, schedule, status, status_reason AS "statusReason", enabled, run_count::float8 AS "runCount",
         check_count::float8 AS "checkCount", max_runs::float8 AS "maxRuns", in_flight AS "inFlight", waiting,
         ${ms('next_occurrence')} AS "nextOccurrence", overlap_policy AS "overlapPolicy",
         pause_after_failures AS "pauseAfterFailures", ${ms('end_at')} AS "endAt"
  FROM automation_jobs ORDER BY id`;

const SPANS = `
  SELECT job_id AS job, ${ms('after_at')} AS after, ${ms('until_at')} AS until, schedule, timezone,
         ${ms('anchor')} AS anchor, ${ms('start_at')} AS "startAt", ${ms('end_at')} AS "endAt"
  FROM automation_timetables ORDER BY job_id, after_at`;

const EXECUTIONS = `
  SELECT id, job_id AS job, trigger, ${ms('scheduled_for')} AS "scheduledFor", scheduled_for::text AS "scheduledForText",
         status, reason, ${ms('created_at')} AS "createdAt", ${ms('completed_at')} AS "completedAt",
         ${phase('check_result')} AS check, ${phase('perform_result')} AS perform
  FROM automation_executions ORDER BY job_id, scheduled_for`;

const MISSED = `
  SELECT job_id AS job, ${ms('from_at')} AS "from", ${ms('to_at')} AS "to", count::float8 AS count
  FROM automation_missed_runs ORDER BY job_id, from_at`;

/** Reads what the database says in the end; nothing writes to it any more. */
export async function readLedger(postgres: ChaosPostgres): Promise<Ledger> {
  const [waiting] = await postgres.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM automation_waiting_executions',
  );
  return {
    jobs: await postgres.query<LedgerJob>(JOBS),
    spans: await postgres.query<LedgerSpan>(SPANS),
    executions: await postgres.query<LedgerExecution & { check: LedgerPhase | null }>(EXECUTIONS),
    missed: await postgres.query<LedgerMissed>(MISSED),
    waitingLeft: waiting?.count ?? 0,
  };
}

/** How many executions have not finished. */
export async function countOpen(postgres: Pick<ChaosPostgres, 'query'>): Promise<number> {
  const [row] = await postgres.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM automation_executions WHERE completed_at IS NULL',
  );
  return row?.count ?? 0;
}

function phase(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN jsonb_build_object('status', ${column} ->> 'status',
          'startedAt', ${ms(`(${column} ->> 'startedAt')::timestamptz`)},
          'attempts', (${column} ->> 'attempts')::int, 'httpStatus', (${column} ->> 'httpStatus')::int) END`;
}
