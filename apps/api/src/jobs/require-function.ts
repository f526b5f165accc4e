import type { FunctionDirectory } from '@automation/directory';
import { type AppError, validationError } from '@automation/domain';
import { functions, type Transaction } from '@automation/store';

/** Throws the seed's error unless the account has a function of that id, which then stays until the transaction ends. */
export async function requireFunction(trx: Transaction, accountId: string, id: string): Promise<void> {
  if (!(await functions.hold(trx, accountId, id))) throw unknownFunction(id);
}

/** The same of functions that an external service keeps, which can't be held. Throws UNAVAILABLE if it can't be asked. */
export async function requireListedFunction(
  directory: FunctionDirectory,
  accountId: string,
  id: string,
): Promise<void> {
  if ((await directory.find(accountId, id)) === undefined) throw unknownFunction(id);
}

/** The seed's error for a function that the account doesn't have. */
export function unknownFunction(id: string): AppError {
  const message = `function validation failed: function ${id} not found`;
  return validationError(message, [{ field: 'function_id', message }]);
}
