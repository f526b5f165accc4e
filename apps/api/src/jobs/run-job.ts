import { conflict, type Execution, hasRunsLeft, type Job, newId } from '@automation/domain';
import { newTask } from '@automation/queue';
import { auditLog, executions } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { lockOwnJob } from './find-own-job.ts';
import { runJobEntry } from './job-audit-entries.ts';
import { traceRun } from './trace-run.ts';

/** Starts an execution now, whatever the schedule says (SPEC 5): a paused job may be run, a completed one may not. */
export async function runJob(
  api: ApiDependencies,
  caller: Caller,
  id: string,
  keep: Keep<Execution>,
): Promise<Execution> {
  const requestedAt = api.clock.now();
  const execution = await api.queue.transaction(api.store.db, async (trx, tasks) => {
    const job = await lockOwnJob(trx, caller.accountId, id);
    requireRunnable(job);
    const executionId = newId(requestedAt);
    const { id: jobId, accountId, functionId } = job;
    const task = newTask([{ id: executionId, accountId }]);
    const run = { id: executionId, jobId, accountId, functionId, requestedAt, taskId: task.id };
    const inserted = await executions.insertManual(trx, run);
    await auditLog.record(trx, [runJobEntry(caller, inserted, requestedAt)]);
    await tasks.enqueue('check', [task]);
    await keep?.(trx, inserted);
    return inserted;
  });
  traceRun(api, caller, { execution, requestedAt });
  api.logger.info('job run requested', {
    job_id: id,
    execution_id: execution.id,
    account_id: execution.accountId,
    function_id: execution.functionId,
    request_id: caller.requestId,
  });
  return execution;
}

function requireRunnable(job: Job): void {
  if (job.status === 'completed') throw conflict(`job ${job.id} is completed`);
  if (!hasRunsLeft(job)) {
    throw conflict(
      `job ${job.id} has no runs left: max_runs ${job.maxRuns}, run_count ${job.runCount}, in flight ${job.inFlight}`,
    );
  }
}
