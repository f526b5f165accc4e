import { JobAudit, type AuditCounts } from '@automation/domain';
import { listAudited, readLedger, streamEntries } from '@automation/store';

import type { LedgerSystem } from './ledger-system.fixture.ts';
import type { ModelExecution, ModelJob } from './model-job.fixture.ts';

const TIMEOUT_MS = 10_000;

interface JobRow {
  id: string;
  status: string;
  enabled: boolean;
  run_count: number;
  in_flight: number;
  waiting: number;
  next_occurrence: Date | null;
}

interface ExecutionRow {
  id: string;
  job_id: string;
  scheduled_for: Date;
  status: string;
  phase: string;
  attempts: number;
  is_open: boolean;
  is_waiting: boolean;
  task_id: string | null;
  task_attempt: number | null;
}

interface MissedRow {
  job_id: string;
  from_at: Date;
  to_at: Date;
  count: number;
}

/** What the database says of the jobs, in the words of the model, and beside it what the model expects. */
export async function compare(
  system: LedgerSystem,
  jobs: readonly ModelJob[],
): Promise<{ found: object[]; expected: object[] }> {
  const { pool } = system.store;
  const { rows: jobRows } = await pool.query<JobRow>('SELECT * FROM automation_jobs');
  const { rows: executions } = await pool.query<ExecutionRow>(
    `SELECT e.*, e.completed_at IS NULL AS is_open, w.job_id IS NOT NULL AS is_waiting
     FROM automation_executions e
     LEFT JOIN automation_waiting_executions w ON w.job_id = e.job_id AND w.scheduled_for = e.scheduled_for
     ORDER BY e.scheduled_for`,
  );
  const { rows: missed } = await pool.query<MissedRow>(
    'SELECT * FROM automation_missed_runs ORDER BY from_at',
  );
  const queued = await system.tasks();
  const found = jobs.map((job) => {
    const row = jobRows.find(({ id }) => id === job.id);
    const own = executions.filter(({ job_id: id }) => id === job.id);
    own.forEach((execution, n) => adoptTask(job.executions[n], execution));
    return {
      status: row?.status,
      enabled: row?.enabled,
      runCount: row?.run_count,
      inFlight: row?.in_flight,
      waiting: row?.waiting,
      next: row?.next_occurrence?.getTime() ?? null,
      executions: own.map((execution) => {
        const named = queued.filter(({ executionIds }) => executionIds.includes(execution.id));
        const { task_id: taskId, phase } = execution;
        return {
          ...executionOf(execution),
          hasLiveTask: named.some((task) => task.id === taskId && task.phase === phase),
          strayTasks: named.filter(({ id, state }) => state === 'created' && id !== taskId).length,
        };
      }),
      missed: missed.filter(({ job_id: id }) => id === job.id).map(missedOf),
    };
  });
  return { found, expected: jobs.map(expectedOf) };
}

/** A task that an execution has got is known from then on. */
function adoptTask(model: ModelExecution | undefined, { task_id: taskId }: ExecutionRow): void {
  if (model?.isOpen === true && !model.isWaiting && model.task === null && taskId !== model.formerTask) {
    model.task = model.formerTask = taskId;
  }
}

function executionOf(row: ExecutionRow) {
  return {
    at: row.scheduled_for.getTime(),
    status: row.status,
    phase: row.phase,
    attempts: row.attempts,
    isOpen: row.is_open,
    isWaiting: row.is_waiting,
    task: row.is_open ? row.task_id : null,
    lease: row.is_open ? row.task_attempt : null,
  };
}

function missedOf({ from_at: from, to_at: to, count }: MissedRow) {
  return { from: from.getTime(), to: to.getTime(), count };
}

function expectedOf(job: ModelJob) {
  return {
    status: job.status,
    enabled: job.status === 'active',
    runCount: job.runCount,
    inFlight: job.open.length,
    waiting: job.waiting.length,
    next: job.next,
    executions: job.executions.map(({ formerTask, isTaskTaken, ...execution }) => ({
      ...execution,
      hasLiveTask: execution.isOpen && !execution.isWaiting,
      // One that was cancelled leaves its task to the workers, if none had taken it.
      strayTasks: execution.status === 'cancelled' && formerTask !== null && !isTaskTaken ? 1 : 0,
    })),
    missed: job.missed,
  };
}

/** What the product's own audit says of each job's whole life, by the job's id. */
export async function audit(
  { store }: LedgerSystem,
  from: number,
  to: number,
): Promise<Map<string, AuditCounts>> {
  const window = { from: new Date(from), to: new Date(to) };
  return readLedger(store.db, TIMEOUT_MS, async (trx) => {
    const audited = await listAudited(trx, { after: null, limit: 100 }, window);
    const [first] = audited;
    const last = audited.at(-1);
    if (first === undefined || last === undefined) return new Map<string, AuditCounts>();
    const audits = new Map(audited.map((job) => [job.id, new JobAudit(job, window)]));
    for await (const entries of streamEntries(trx, { first: first.id, last: last.id }, window)) {
      for (const { job, from: start, to: end, count } of entries) {
        if (end === null || count === null) audits.get(job)?.addExecution(start);
        else audits.get(job)?.addMissed({ from: start, to: end, count });
      }
    }
    return new Map([...audits].map(([id, each]) => [id, each.finish()]));
  });
}
