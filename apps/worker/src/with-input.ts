import { type Database, type ExecutionInput, type LeasedExecution, readInput } from '@automation/store';

/** A leased execution with all that its request is made of. */
export type ReadyExecution = LeasedExecution & ExecutionInput;

/** An execution with the input that its lease has left out, if it has. Null if the execution is gone. */
export async function withInput(db: Database, execution: LeasedExecution): Promise<ReadyExecution | null> {
  if (hasInput(execution)) return execution;
  const input = await readInput(db, execution);
  return input === undefined ? null : { ...execution, ...input };
}

function hasInput(execution: LeasedExecution): execution is ReadyExecution {
  return execution.payload !== null;
}
