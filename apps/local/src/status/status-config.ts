import { readFile } from 'node:fs/promises';

import { ConfigError, loadConfig } from '@automation/service-kit';
import Joi from 'joi';

import { dataPaths } from '../data-paths.ts';

interface StatusSettings {
  readonly API_URL: string;
  /** An API key with the scope admin. */
  readonly API_KEY?: string;
  /** Where `npm start` keeps its key. */
  readonly DATA_DIR: string;
}

const keys: Joi.PartialSchemaMap<StatusSettings> = {
  API_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .default('http://127.0.0.1:8080'),
  API_KEY: Joi.string(),
  DATA_DIR: Joi.string().default('.data'),
};

/** Which api to ask, and with which key: the one that `npm start` made up unless another is given. */
export async function loadStatusConfig(env: NodeJS.ProcessEnv): Promise<{ url: string; key: string }> {
  const { API_URL, API_KEY, DATA_DIR } = loadConfig<StatusSettings>(keys, env);
  return { url: API_URL.replace(/\/+$/, ''), key: API_KEY ?? (await keptKey(DATA_DIR)) };
}

async function keptKey(dataDir: string): Promise<string> {
  try {
    return (await readFile(dataPaths(dataDir).apiKey, 'utf8')).trim();
  } catch (error) {
    throw new ConfigError([
      `API_KEY is required: DATA_DIR "${dataDir}" has no key of \`npm start\` (${String(error)})`,
    ]);
  }
}
