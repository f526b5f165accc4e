import { migrateAll, start as startApi } from '@automation/api';
import { start as startScheduler } from '@automation/scheduler';
import {
  createLogger,
  errorMessage,
  type LogLevelSwitch,
  type Running,
  stopInOrder,
  type StopStage,
} from '@automation/service-kit';
import { start as startWorker } from '@automation/worker';

import { apiUrl } from './api-url.ts';
import { loadLocalConfig, type LocalConfig } from './config.ts';
import { keptSecret, prepareDataDirectory } from './data-directory.ts';
import { dataPaths } from './data-paths.ts';
import { registerDemo } from './demo-client.ts';
import { startDemoFunction } from './demo-function.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { type Progress, printWelcome } from './welcome.ts';

/** A stop may take as long as a function's answer; the stages of the apps have their own deadlines. */
const APP_STOP_MS = 60_000;

/** Runs the whole product in one process: database, api, scheduler, worker and a demo function (SPEC 6). */
export async function start(
  env: NodeJS.ProcessEnv,
  logLevel: LogLevelSwitch,
  progress: Progress,
): Promise<Running> {
  const config = loadLocalConfig(env);
  const loggerOf = (service: string) => createLogger({ service, level: logLevel, format: config.LOG_FORMAT });
  const stages: StopStage[] = [];
  const stop = () => stopInOrder(stages, loggerOf('local'));
  const started = (name: string, running: { stop(): Promise<void> }) =>
    stages.unshift({ name, stop: () => running.stop(), deadlineMs: APP_STOP_MS });
  try {
    await prepareDataDirectory(config.DATA_DIR);
    const apiKey = config.BOOTSTRAP_API_KEY ?? (await keptSecret(dataPaths(config.DATA_DIR).apiKey));
    const database = await progress('PostgreSQL', () => openDatabase(config));
    started('database', database);
    await progress('migrations', () => migrate(database.url, config.scheduler.QUEUE_BACKEND));

    const DATABASE_URL = database.url;
    const api = await startApi({ ...config.api, DATABASE_URL, BOOTSTRAP_API_KEY: apiKey }, { logLevel });
    started('api', api);
    const url = apiUrl(config.api.API_HOST, api.port);
    let demoFunctionId: string | null = null;
    if (config.DEMO) {
      const demo = await startDemoFunction(loggerOf('demo'));
      started('demo function', demo);
      demoFunctionId = await registerDemo({ url, key: apiKey }, demo.url);
    }
    started('scheduler', await startScheduler({ ...config.scheduler, DATABASE_URL }, logLevel));
    started('worker', await startWorker({ ...config.worker, DATABASE_URL }, logLevel));
    printWelcome({
      url,
      apiKey,
      metricsPort: api.metricsPort,
      database: database.description,
      functionNetwork: config.worker.FUNCTION_NETWORK,
      demoFunctionId,
    });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openDatabase({ DATABASE_URL: url, DATA_DIR }: LocalConfig) {
  if (url !== undefined) {
    return { url, description: `${databaseName(url)} (DATABASE_URL)`, stop: async () => undefined };
  }
  const embedded = await startEmbeddedPostgres(DATA_DIR);
  return { ...embedded, description: `embedded, its files in ${embedded.directory}` };
}

async function migrate(url: string, backend: LocalConfig['scheduler']['QUEUE_BACKEND']): Promise<void> {
  try {
    await migrateAll(url, backend);
  } catch (error) {
    throw new Error(`the database ${databaseName(url)} cannot be used: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

/** Without the user and the password. */
function databaseName(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
