/** Most executions that one task names (DESIGN, "Tasks name batches"). */
export const LARGEST_TASK = 100;
/** Fewer are one task: each costs the queue about as much as one execution costs the ledger. */
const SMALLEST_TASK = 20;
/** About how many tasks a claim is split into, so that every waiting worker gets some. */
const SPREAD = 8;

/**
 * Splits executions into tasks: accounts interleaved, so that no task belongs to one account alone while others wait,
 * and small enough that several workers share a burst.
 */
export function packTasks<T extends { accountId: string }>(executions: readonly T[]): T[][] {
  const size = Math.min(LARGEST_TASK, Math.max(SMALLEST_TASK, Math.ceil(executions.length / SPREAD)));
  const interleaved = interleaveAccounts(executions);
  const tasks: T[][] = [];
  for (let start = 0; start < interleaved.length; start += size) {
    tasks.push(interleaved.slice(start, start + size));
  }
  return tasks;
}

function interleaveAccounts<T extends { accountId: string }>(executions: readonly T[]): T[] {
  const turns = new Map<string, number>();
  return executions
    .map((execution) => {
      const turn = turns.get(execution.accountId) ?? 0;
      turns.set(execution.accountId, turn + 1);
      return { execution, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ execution }) => execution);
}
