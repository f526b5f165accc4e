import {
  type AccountDirectory,
  remoteAccounts,
  remoteFunctions,
  storedAccounts,
} from '@automation/directory';
import type { Logger } from '@automation/service-kit';
import type { Database } from '@automation/store';

import type { ApiConfig } from './config.ts';
import type { ExternalServices } from './dependencies.ts';

/** Who knows accounts and functions. */
export interface Directories {
  accounts: AccountDirectory;
  external: ExternalServices;
  close(): Promise<void>;
}

/** Accounts and functions are in our own database, or with external services where the configuration names them (SPEC 5). */
export function openDirectories(
  config: ApiConfig,
  { db, logger }: { db: Database; logger: Logger },
): Directories {
  const accounts = remoteAccounts(config, logger);
  const functions = remoteFunctions(config, logger);
  return {
    accounts: accounts ?? storedAccounts(db),
    external: { accounts, functions },
    close: async () => {
      await Promise.all([accounts?.close(), functions?.close()]);
    },
  };
}
