import { randomUUID } from 'node:crypto';

/** Work handed out: which executions, nothing else. The execution row is the truth (DESIGN). */
export interface Task {
  id: string;
  executionIds: readonly string[];
}

/** A task that is to be enqueued, perhaps for later. */
export interface NewTask extends Task {
  delayMs: number;
}

/** A task in a worker's hands. `attempt` goes up each time that it is handed out, and fences what is done under it. */
export interface HeldTask extends Task {
  attempt: number;
}

export function newTask(executionIds: readonly string[], delayMs = 0): NewTask {
  return { id: randomUUID(), executionIds, delayMs };
}

/** Tasks with those of their executions alone; one that none is left of is dropped. */
export function withOnly(tasks: readonly NewTask[], executionIds: ReadonlySet<string>): NewTask[] {
  return tasks
    .map((task) => ({ ...task, executionIds: task.executionIds.filter((id) => executionIds.has(id)) }))
    .filter((task) => task.executionIds.length > 0);
}
