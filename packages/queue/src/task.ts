import { randomUUID } from 'node:crypto';

/** Work handed out: which executions, nothing else. The execution row is the truth (DESIGN). */
export interface Task {
  id: string;
  executionIds: readonly string[];
}

/** A task that is to be enqueued, perhaps for later. */
export interface NewTask extends Task {
  /** Whose executions they all are; null if they are of several accounts. */
  accountId: string | null;
  delayMs: number;
}

/** A task as the queue keeps it. */
export interface TaskData {
  executionIds: readonly string[];
  /** From when on it may be taken: ISO 8601. */
  startAfter: string;
}

/** A task in a worker's hands. `attempt` goes up each time that it is handed out, and fences what is done under it. */
export interface HeldTask extends Task {
  attempt: number;
}

const PRIORITY_ORIGIN = Date.UTC(2025, 0, 1);

/**
 * The priority of a task that may be taken from an instant on: the oldest first. The queue's index is in this order, so
 * that a look at it may begin at an instant.
 */
export function priorityAt(instant: Date): number {
  return Math.floor((PRIORITY_ORIGIN - instant.getTime()) / 1_000);
}

/** @param delayMs until it may be taken */
export function newTask(executions: readonly { id: string; accountId: string }[], delayMs = 0): NewTask {
  const [accountId = null, ...others] = new Set(executions.map((execution) => execution.accountId));
  return {
    id: randomUUID(),
    executionIds: executions.map(({ id }) => id),
    accountId: others.length === 0 ? accountId : null,
    delayMs,
  };
}

/** Tasks with those of their executions alone; one that none is left of is dropped. */
export function withOnly(tasks: readonly NewTask[], executionIds: ReadonlySet<string>): NewTask[] {
  return tasks
    .map((task) => ({ ...task, executionIds: task.executionIds.filter((id) => executionIds.has(id)) }))
    .filter((task) => task.executionIds.length > 0);
}
