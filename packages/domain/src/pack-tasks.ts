/** Most executions that one task names (DESIGN, "Tasks name batches"). */
export const LARGEST_TASK = 100;
/** Fewer are one task: each costs the queue about as much as one execution costs the ledger. */
const SMALLEST_TASK = 20;
/** About how many tasks a claim is split into, so that every waiting worker gets some. */
const SPREAD = 8;
/** Fewer executions of an account share tasks with those of others. */
const SMALLEST_OWN_TASK = 10;

interface OfAccount {
  accountId: string;
}

/**
 * Splits executions into tasks: small enough that several workers share a burst, and so that one account's flood holds
 * up nobody (SPEC 4). Who has many gets tasks of its own, which workers leave in the queue while they are busy with that
 * account; the others share tasks, in turns.
 */
export function packTasks<T extends OfAccount>(executions: readonly T[]): T[][] {
  const size = Math.min(LARGEST_TASK, Math.max(SMALLEST_TASK, Math.ceil(executions.length / SPREAD)));
  const accounts = [...Map.groupBy(executions, ({ accountId }) => accountId).values()];
  const [few, many] = [
    accounts.filter(({ length }) => length < SMALLEST_OWN_TASK),
    accounts.filter(({ length }) => length >= SMALLEST_OWN_TASK),
  ];
  return [interleave(few), ...many].flatMap((shared) => split(shared, size));
}

/** Splits executions into tasks each of which belongs to one account. */
export function packByAccount<T extends OfAccount>(executions: readonly T[]): T[][] {
  const accounts = Map.groupBy(executions, ({ accountId }) => accountId);
  return [...accounts.values()].flatMap((own) => split(own, LARGEST_TASK));
}

/** Accounts take turns, each with its oldest execution first. */
function interleave<T>(accounts: readonly T[][]): T[] {
  const turns = Math.max(0, ...accounts.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) =>
    accounts.flatMap((own) => own.slice(turn, turn + 1)),
  ).flat();
}

function split<T>(executions: readonly T[], size: number): T[][] {
  const count = Math.ceil(executions.length / size);
  return Array.from({ length: count }, (_, index) => executions.slice(index * size, (index + 1) * size));
}
