import { type AppError, conflict } from '@automation/domain';
import { apiKeys, functions, type Transaction } from '@automation/store';

const MOST_FUNCTIONS = 1_000;
const MOST_API_KEYS = 100;

/** Throws CONFLICT unless the account may have another function; nobody else creates one until the transaction ends. */
export async function requireRoomForFunction(trx: Transaction, accountId: string): Promise<void> {
  if (await functions.hasRoom(trx, accountId, MOST_FUNCTIONS)) return;
  throw conflict(`account ${accountId} has ${MOST_FUNCTIONS} functions, the most that it may have`);
}

/** Throws CONFLICT unless the account may have another valid key; nobody else makes one until the transaction ends. */
export async function requireRoomForApiKey(trx: Transaction, accountId: string): Promise<void> {
  if (await apiKeys.hasRoom(trx, accountId, MOST_API_KEYS)) return;
  throw conflict(
    `account ${accountId} has ${MOST_API_KEYS} valid API keys, the most that it may have: revoke one`,
  );
}

/** The error for an account that has as many jobs as it may have; they are kept for good (SPEC 1). */
export function tooManyJobs(accountId: string, most: number): AppError {
  return conflict(`account ${accountId} has ${most} jobs, the most that it may have`);
}
