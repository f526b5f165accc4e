import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';

const EXAMPLE = new URL('../../../../.env.example', import.meta.url);

/** The settings that capacity hangs on, by their defaults. */
export interface Settings {
  /** One more connection listens. */
  poolSize: number;
  workerConcurrency: number;
  claimBatchSize: number;
  historyDays: number;
  maxStorageBytes: number;
}

/** Reads the defaults where they are documented. Throws if one of them isn't there. */
export async function readSettings(): Promise<Settings> {
  const env = parseEnv(await readFile(EXAMPLE, 'utf8'));
  const number = (name: string): number => {
    const value = Number(env[name]);
    if (Number.isInteger(value)) return value;
    throw new Error(`.env.example has no number for ${name}`);
  };
  return {
    poolSize: number('DATABASE_POOL_SIZE'),
    workerConcurrency: number('WORKER_CONCURRENCY'),
    claimBatchSize: number('CLAIM_BATCH_SIZE'),
    historyDays: number('HISTORY_DAYS'),
    maxStorageBytes: number('MAX_STORAGE_BYTES'),
  };
}
