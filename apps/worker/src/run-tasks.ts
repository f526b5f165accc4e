import { type Phase, settle } from '@automation/domain';
import type { Invoker } from '@automation/invoker';
import type { HeldTask } from '@automation/queue';
import { type Database, type LeasedExecution, leaseExecutions } from '@automation/store';
import type { LimitFunction } from 'p-limit';

import type { ExecutionLog } from './execution-log.ts';
import { invokeExecution } from './invoke-execution.ts';
import type { PhaseTask } from './record-batch.ts';
import type { Recorder } from './recorder.ts';

export interface RunContext {
  db: Database;
  invoker: Invoker;
  recorder: Recorder;
  log: ExecutionLog;
  /** Bounds the executions that run side by side in this worker. */
  limit: LimitFunction;
  /** Fires when what is in flight has to be cut off. */
  signal: AbortSignal;
}

/** Runs the executions of tasks: leases what is unfinished, invokes their functions side by side, records as they come. */
export async function runTasks(context: RunContext, phase: Phase, held: readonly HeldTask[]): Promise<void> {
  const tasks = held.map((task) => ({ ...task, phase }));
  const leased = await leaseExecutions(
    context.db,
    tasks.map((task) => ({ taskId: task.id, taskAttempt: task.attempt, executionIds: task.executionIds })),
  );
  const byTask = Map.groupBy(leased, (execution) => execution.taskId);
  for (const task of tasks)
    context.recorder.open(
      task,
      (byTask.get(task.id) ?? []).map((execution) => execution.id),
    );
  await Promise.all(
    tasks.flatMap((task) =>
      (byTask.get(task.id) ?? []).map((execution) =>
        context.limit(() => runExecution(context, task, execution)),
      ),
    ),
  );
}

async function runExecution(context: RunContext, task: PhaseTask, execution: LeasedExecution): Promise<void> {
  if (context.signal.aborted) return;
  context.log.started(execution);
  const attempted = await invokeExecution(context.invoker, execution, context.signal);
  if (attempted.kind === 'aborted') return;
  context.recorder.record(task, { execution, settlement: settle(attempted.attempt, attempted.result) });
}
