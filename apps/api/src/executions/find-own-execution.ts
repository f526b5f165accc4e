import { AppError, type Execution, isId, notFound } from '@automation/domain';
import { type Database, executions } from '@automation/store';

/** The caller's execution of that id. Throws NOT_FOUND for an unknown one, FORBIDDEN for another account's (SPEC 5). */
export async function findOwnExecution(db: Database, accountId: string, id: string): Promise<Execution> {
  const execution = isId(id) ? await executions.find(db, id) : undefined;
  if (execution === undefined) throw notFound('execution', id);
  if (execution.accountId !== accountId) {
    throw new AppError('FORBIDDEN', 'forbidden: execution belongs to different account');
  }
  return execution;
}
