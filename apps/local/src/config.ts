import { join, resolve } from 'node:path';

import { loadConfig } from '@automation/service-kit';
import Joi from 'joi';

export interface LocalConfig {
  /** Where the embedded server keeps its files, and the made-up key. */
  DATA_DIR: string;
  /** A server of the user's own; nothing is embedded then. */
  DATABASE_URL?: string;
  /** Whether a demo function with a job runs along. */
  DEMO: boolean;
  BOOTSTRAP_ACCOUNT_ID: string;
  /** Made up and kept in DATA_DIR if not given. */
  BOOTSTRAP_API_KEY?: string;
}

/** Reads what `npm start` itself is told. Throws ConfigError with every mistake in it; the apps read the rest. */
export function loadLocalConfig(env: NodeJS.ProcessEnv): LocalConfig {
  const config = loadConfig<LocalConfig>(
    {
      DATA_DIR: Joi.string().default('.data'),
      DATABASE_URL: Joi.string().uri({ scheme: ['postgres', 'postgresql'] }),
      DEMO: Joi.boolean().default(true),
      BOOTSTRAP_ACCOUNT_ID: Joi.string().max(128).default('demo'),
      BOOTSTRAP_API_KEY: Joi.string().min(32),
    },
    env,
  );
  return { ...config, DATA_DIR: resolve(config.DATA_DIR) };
}

/** Where things are in DATA_DIR. */
export function dataPaths(dataDir: string) {
  return {
    database: join(dataDir, 'postgres'),
    databasePassword: join(dataDir, 'postgres-password'),
    apiKey: join(dataDir, 'api-key'),
  };
}
