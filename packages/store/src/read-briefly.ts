import { AppError } from '@automation/domain';
import { sql, type TransactionBuilder } from 'kysely';

import type { Database, Transaction } from './database.ts';
import type { Tables } from './tables.ts';

/** SQLSTATE of a statement that was ended by its time-out. */
const QUERY_CANCELED = '57014';

/**
 * Reads in a transaction whose statements are ended after so many ms: a server that is too busy for them in time is not
 * kept busy any longer. Throws UNAVAILABLE then.
 */
export async function readBriefly<T>(
  db: Database,
  timeoutMs: number,
  read: (trx: Transaction) => Promise<T>,
): Promise<T> {
  return readBrieflyIn(db.transaction(), timeoutMs, read);
}

/** The same in a transaction of a certain kind; no snapshot is taken before `read` begins. */
export async function readBrieflyIn<T>(
  transaction: TransactionBuilder<Tables>,
  timeoutMs: number,
  read: (trx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await transaction.setAccessMode('read only').execute(async (trx) => {
      await sql`SET LOCAL statement_timeout = ${sql.lit(timeoutMs)}`.execute(trx);
      return read(trx);
    });
  } catch (error) {
    if (!Error.isError(error) || !('code' in error) || error.code !== QUERY_CANCELED) throw error;
    throw new AppError('UNAVAILABLE', 'the database is too busy to tell', { cause: error });
  }
}
