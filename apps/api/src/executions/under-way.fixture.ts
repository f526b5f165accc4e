import { randomUUID } from 'node:crypto';

import { type Attempt, type AttemptResult, checkInput, settle } from '@automation/domain';
import { leaseExecutions, type LeasedExecution, type Outcome, recordOutcomes } from '@automation/store';

import { createJob, type Tenant, type TestApi } from '../api.fixture.ts';

/** An execution that was started by hand; no worker has taken it. */
export async function startExecution(tenant: Tenant, fields: object = {}) {
  const job = await createJob(tenant, fields);
  const jobId = String(job['id']);
  const { body } = await tenant.post(`/automation/jobs/${jobId}/run`);
  const id = String(body['id']);
  return { id, jobId, path: `/automation/executions/${id}` };
}

/** Takes an execution as a worker does, which then invokes its function. */
export async function take({ store }: TestApi, id: string): Promise<LeasedExecution> {
  const { rows } = await store.pool.query<{ taskId: string; taskAttempt: number | null }>(
    'SELECT task_id AS "taskId", task_attempt AS "taskAttempt" FROM automation_executions WHERE id = $1',
    [id],
  );
  const tasks = rows.map(({ taskId, taskAttempt }) => ({
    taskId,
    taskAttempt: (taskAttempt ?? -1) + 1,
    executionIds: [id],
  }));
  const [leased] = await leaseExecutions(store.db, tasks);
  if (leased === undefined) throw new Error(`nothing to do for ${id}`);
  return leased;
}

/** Records as a worker does what an attempt came to. */
export async function record(
  { store }: TestApi,
  leased: LeasedExecution,
  ...outcome: [AttemptResult, Partial<Attempt>?]
): Promise<void> {
  await store.db.transaction().execute((trx) => recordOutcomes(trx, [outcomeOf(leased, ...outcome)]));
}

/** Records as a worker does that the function answered 202 and `{"async": true}`. */
export async function accept(api: TestApi, leased: LeasedExecution): Promise<void> {
  await record(api, leased, ACCEPTED);
}

/** What a worker records of a function that answered 202 and `{"async": true}`. */
export function acceptedOutcome(leased: LeasedExecution): Outcome {
  return outcomeOf(leased, ACCEPTED);
}

const ACCEPTED: AttemptResult = { kind: 'accepted', httpStatus: 202, withinMs: null };

function outcomeOf(leased: LeasedExecution, result: AttemptResult, changes: Partial<Attempt> = {}): Outcome {
  const { id: executionId, jobId, phase, attempts, retryLimit } = leased;
  const payload = leased.payload ?? {};
  const input = checkInput(jobId, payload);
  const times = { startedAt: new Date(), completedAt: new Date(), timeoutMs: 30_000 };
  const attempt = { executionId, jobId, phase, number: attempts + 1, retryLimit, payload, input, ...times };
  const settlement = settle({ ...attempt, ...changes }, result);
  return { ...leased, executionId, settlement, nextTaskId: settlement.next && randomUUID() };
}
