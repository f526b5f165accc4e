import { join } from 'node:path';

/** Where things are in DATA_DIR. */
export function dataPaths(dataDir: string) {
  return {
    database: join(dataDir, 'postgres'),
    databasePassword: join(dataDir, 'postgres-password'),
    apiKey: join(dataDir, 'api-key'),
    lock: join(dataDir, 'lock'),
  };
}
