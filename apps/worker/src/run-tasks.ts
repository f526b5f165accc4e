import type { FunctionDirectory } from '@automation/directory';
import type { PhaseTask } from '@automation/dispatch';
import { openBreakerReason, type Phase, postpone, settle } from '@automation/domain';
import type { CircuitBreakers, Invoker } from '@automation/invoker';
import type { HeldTask } from '@automation/queue';
import type { Tracer } from '@automation/service-kit';
import { type Database, type LeasedExecution, leaseExecutions } from '@automation/store';

import type { ExecutionLog, SettledLease } from './execution-log.ts';
import type { FairLimit } from './fair-limit.ts';
import type { InFlight } from './in-flight.ts';
import { deadlineMissed, invokeExecution } from './invoke-execution.ts';
import { locateFunction } from './locate-function.ts';
import type { Recorder } from './recorder.ts';
import { type ReadyExecution, withInput } from './with-input.ts';

export interface RunContext {
  db: Database;
  invoker: Invoker;
  /** Null: the lease has read the functions. */
  functions: FunctionDirectory | null;
  recorder: Recorder;
  log: ExecutionLog;
  tracer: Tracer;
  /** Bounds the executions that run side by side in this worker. */
  limit: FairLimit;
  inFlight: InFlight;
  breakers: CircuitBreakers;
  /** Told of each execution that this worker is through with. */
  roomMade: () => void;
}

/** How long executions wait whose functions an external service does not tell. */
const SERVICE_RETRY_MS = 5_000;
/** How long those wait whose input the database does not tell. */
const READ_RETRY_MS = 1_000;

/** Runs the executions of tasks: leases what is unfinished, invokes their functions side by side, records as they come. */
export async function runTasks(context: RunContext, phase: Phase, held: readonly HeldTask[]): Promise<void> {
  const tasks = held.map((task) => ({ ...task, phase }));
  const leased = await leaseExecutions(
    context.db,
    tasks.map((task) => ({ taskId: task.id, taskAttempt: task.attempt, executionIds: task.executionIds })),
  );
  const byTask = Map.groupBy(leased, (execution) => execution.taskId);
  for (const task of tasks) {
    const executions = byTask.get(task.id) ?? [];
    if (task.attempt > 0) context.log.takenOver(executions.length);
    context.recorder.open(
      task,
      executions.map((execution) => execution.id),
    );
  }
  await Promise.all(tasks.map((task) => runTask(context, task, byTask.get(task.id) ?? [])));
}

async function runTask(
  context: RunContext,
  task: PhaseTask,
  executions: readonly LeasedExecution[],
): Promise<void> {
  const busy = new Set(isShared(executions) ? context.limit.busyAccounts : []);
  const [held, ready] = [
    executions.filter(({ accountId }) => busy.has(accountId)),
    executions.filter(({ accountId }) => !busy.has(accountId)),
  ];
  await Promise.all([
    ...held.map((execution) => context.recorder.record(task, withdrawn(execution))),
    ...ready.map((execution) =>
      context.inFlight.run(execution.id, async (signal) => {
        await context.limit.run(execution, () => runExecution(context, { task, execution, signal }));
        context.roomMade();
      }),
    ),
  ]);
}

function isShared(executions: readonly LeasedExecution[]): boolean {
  return executions.some(({ accountId }) => accountId !== executions[0]?.accountId);
}

/**
 * It would hold up the others of its task. In one of its account's own it can wait in the queue, for any worker. (What
 * waits for its deadline is in such a task already.)
 */
function withdrawn(execution: LeasedExecution): SettledLease {
  const reason = `account ${execution.accountId} has all the places of a worker that it may have`;
  return { execution, settlement: postpone(execution, { delayMs: 0, reason }), result: null, bytes: 0 };
}

interface Run {
  task: PhaseTask;
  execution: LeasedExecution;
  signal: AbortSignal;
}

async function runExecution(context: RunContext, { task, execution, signal }: Run): Promise<void> {
  // It goes back with its task.
  if (context.inFlight.isClosed) return;
  const settled = signal.aborted ? null : await attempt(context, execution, signal);
  if (settled !== null) await context.recorder.record(task, settled);
  // What is cut off goes back with its task; of what was cancelled there is nothing to record.
  else if (!context.inFlight.isCutOff) context.recorder.leave(task, execution.id);
}

/** Makes an attempt, if it can be made now; null if it was stopped, or there is nothing left to attempt. */
async function attempt(
  context: RunContext,
  leased: LeasedExecution,
  signal: AbortSignal,
): Promise<SettledLease | null> {
  let ready: ReadyExecution | null;
  try {
    ready = await withInput(context.db, leased);
  } catch (error) {
    context.log.unread(leased, error);
    return postponed(leased, READ_RETRY_MS, 'its input could not be read');
  }
  if (ready === null || signal.aborted) return null;
  if (ready.acceptedAt === null) return ask(context, ready, signal);
  const settlement = deadlineMissed(ready, ready.acceptedAt);
  const bytes = JSON.stringify(settlement.record).length;
  return { execution: leased, settlement, result: 'timed_out', bytes };
}

/** Asks the function, if it can be asked now; null if the attempt was stopped. */
async function ask(
  context: RunContext,
  ready: ReadyExecution,
  signal: AbortSignal,
): Promise<SettledLease | null> {
  const { functions } = context;
  const execution = functions === null ? ready : await locateFunction(functions, ready);
  if (signal.aborted) return null;
  if (execution === null) return postponed(ready, SERVICE_RETRY_MS, 'the functions service is not available');
  const admission = context.breakers.admit(execution.functionId);
  if (!admission.allowed) {
    return postponed(execution, admission.waitMs, openBreakerReason(execution.functionId));
  }
  context.log.started(execution);
  const attempted = await invokeExecution(context, execution, signal);
  if (attempted.kind === 'aborted') {
    admission.permit.dropped();
    return null;
  }
  context.log.invoked(execution, attempted.result);
  const { kind } = attempted.result;
  if (kind === 'unavailable' || kind === 'timed_out') admission.permit.failed();
  else admission.permit.succeeded();
  const settlement = settle(attempted.attempt, attempted.result);
  return { execution, settlement, result: kind, bytes: attempted.bytes };
}

/** Whole seconds, so that what waits for the same thing shares tasks. */
function postponed(execution: LeasedExecution, waitMs: number, reason: string): SettledLease {
  const settlement = postpone(execution, { delayMs: Math.ceil(waitMs / 1_000) * 1_000, reason });
  return { execution, settlement, result: null, bytes: 0 };
}
