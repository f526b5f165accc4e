import { validationError } from '@automation/domain';
import { functions, type Transaction } from '@automation/store';

/** Throws the seed's error unless the account has a function of that id, which then stays until the transaction ends. */
export async function requireFunction(trx: Transaction, accountId: string, id: string): Promise<void> {
  if (await functions.hold(trx, accountId, id)) return;
  const message = `function validation failed: function ${id} not found`;
  throw validationError(message, [{ field: 'function_id', message }]);
}
