import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction as KyselyTransaction } from 'kysely';
import { Client, type CustomTypesConfig, type Pool, TypeOverrides } from 'pg';

import { createListener, type Listener } from './listener.ts';
import { openPool } from './pool.ts';
import { PreparingClient } from './prepared-statements.ts';
import type { Tables } from './tables.ts';

/** What runs a single statement: the pool, or a transaction. */
export type Database = Kysely<Tables>;
/** An open transaction; the first argument of whatever has to run inside one. */
export type Transaction = KyselyTransaction<Tables>;

/** A process's way to PostgreSQL: one pool for everything, and one session that listens. */
export interface Store {
  db: Database;
  pool: Pool;
  listener: Listener;
  /** Rejects if the database doesn't answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  url: string;
  /** Where the listening session goes, if `url` leads to a pooler that lends sessions for a transaction at a time. */
  sessionUrl?: string | undefined;
  /** Most connections of the pool; the listening session is one more. */
  poolSize: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Told of connections that break while nobody uses them. */
  onConnectionError: (error: Error) => void;
}

const INT8_OID = 20;
/** For a connection, be it opened or free to use: soon enough for a caller who waits for an answer. */
const CONNECT_TIMEOUT_MS = 2_000;
/** What a process that is stopped or cut off in a transaction has locked is free again before its leases are lost. */
const IDLE_IN_TRANSACTION_MS = 5_000;

/** Prepares the pool; nothing connects before the first statement. */
export function openStore(options: StoreOptions): Store {
  const { url, sessionUrl, poolSize } = options;
  const connection = {
    connectionString: url,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: numericBigints(),
  };
  const lasting = { ...connection, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS };
  // A pooler lends sessions that others have used: nothing can be prepared in them, and settings are refused.
  const pool =
    sessionUrl === undefined
      ? openPool(lasting, poolSize, PreparingClient)
      : openPool(connection, poolSize, Client);
  pool.on('error', (error) => {
    // `end` doesn't wait for the server, which may be going down just then.
    if (!pool.ending) options.onConnectionError(error);
  });
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const listener = createListener({
    connection: { ...lasting, connectionString: sessionUrl ?? url },
    onError: options.onConnectionError,
  });
  return {
    db,
    pool,
    listener,
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: async () => {
      await listener.close();
      await db.destroy();
      // kysely leaves alone a pool that it has not used.
      if (!pool.ending) await pool.end();
    },
  };
}

/** Counts fit a JavaScript number long before they reach 2^53. */
function numericBigints(): CustomTypesConfig {
  const types = new TypeOverrides();
  types.setTypeParser(INT8_OID, Number);
  return types;
}
