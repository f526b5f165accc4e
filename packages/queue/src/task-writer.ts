import type { Phase } from '@automation/domain';
import { type QueryExecutorProvider, sql } from 'kysely';
import { fromKysely, type KyselyTransactionLike, type PgBoss } from 'pg-boss';

import { JOBS, QUEUES } from './queues.ts';
import { type HeldTask, type NewTask, priorityAt, type TaskData } from './task.ts';

/** The queues inside of a transaction. */
export interface TaskWriter {
  /** Enqueues tasks; waiting workers wake when the transaction commits, and find those for later by polling. */
  enqueue(phase: Phase, tasks: readonly NewTask[]): Promise<void>;
  /** Completes tasks, but for those that were handed to another worker meanwhile. */
  complete(phase: Phase, tasks: readonly HeldTask[]): Promise<void>;
}

export function createTaskWriter(
  boss: PgBoss,
  trx: KyselyTransactionLike & QueryExecutorProvider,
): TaskWriter {
  return {
    enqueue: async (phase, tasks) => {
      if (tasks.length === 0) return;
      await boss.insert(QUEUES[phase], tasks.map(toJob), { db: fromKysely(trx) });
    },
    complete: (phase, tasks) => complete(trx, phase, tasks),
  };
}

function toJob({ id, executionIds, accountId, delayMs }: NewTask) {
  const startAfter = new Date(Date.now() + delayMs);
  const data: TaskData = { executionIds, startAfter: startAfter.toISOString() };
  const group = accountId === null ? {} : { group: { id: accountId } };
  return { id, data, priority: priorityAt(startAfter), ...group, ...(delayMs > 0 ? { startAfter } : {}) };
}

async function complete(trx: QueryExecutorProvider, phase: Phase, tasks: readonly HeldTask[]): Promise<void> {
  if (tasks.length === 0) return;
  // pg-boss would keep them for a while, and update and delete them, where one deletion does. The state is compared as
  // text since that of the active ones has an index, which is not for finding a few of them by their ids.
  await sql`
    DELETE FROM ${JOBS} AS job
    USING unnest(${tasks.map(({ id }) => id)}::uuid[], ${tasks.map(({ attempt }) => attempt)}::integer[]) AS done(id, attempt)
    WHERE job.name = ${QUEUES[phase]} AND job.id = done.id AND job.retry_count = done.attempt
      AND job.state::text = 'active'`.execute(trx);
}
