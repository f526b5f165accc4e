import { type AutomationFunction, notFound } from '@automation/domain';
import { type Database, functions } from '@automation/store';

/** The caller's function of that id. Throws NOT_FOUND for an unknown one and for another account's alike. */
export async function findOwnFunction(
  db: Database,
  accountId: string,
  id: string,
): Promise<AutomationFunction> {
  return present(await functions.find(db, accountId, id), id);
}

/** What the store answered, unless it is nothing. */
export function present(fn: AutomationFunction | undefined, id: string): AutomationFunction {
  if (fn === undefined) throw notFound('function', id);
  return fn;
}
