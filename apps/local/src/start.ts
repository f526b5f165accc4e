import { loadApiConfig, migrateAll, start as startApi } from '@automation/api';
import { loadSchedulerConfig, start as startScheduler } from '@automation/scheduler';
import {
  createLogger,
  logKeys,
  type LogConfig,
  loadConfig,
  type Running,
  stopInOrder,
  type StopStage,
} from '@automation/service-kit';
import { loadWorkerConfig, start as startWorker } from '@automation/worker';

import { dataPaths, loadLocalConfig, type LocalConfig } from './config.ts';
import { keptSecret, prepareDataDirectory } from './data-directory.ts';
import { registerDemo } from './demo-client.ts';
import { startDemoFunction } from './demo-function.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { type Progress, printWelcome } from './welcome.ts';

/** A stop may take as long as a function's answer; the stages of the apps have their own deadlines. */
const APP_STOP_MS = 60_000;

/** Runs the whole product in one process: database, api, scheduler, worker and a demo function (SPEC 6). */
export async function start(env: NodeJS.ProcessEnv, progress: Progress): Promise<Running> {
  const local = loadLocalConfig(env);
  const log = loadConfig<LogConfig>(logKeys, env);
  const logger = createLogger({ service: 'local', level: log.LOG_LEVEL, format: log.LOG_FORMAT });
  const stages: StopStage[] = [];
  const stop = () => stopInOrder(stages, logger);
  const started = (name: string, running: { stop(): Promise<void> }) =>
    stages.unshift({ name, stop: () => running.stop(), deadlineMs: APP_STOP_MS });
  try {
    await prepareDataDirectory(local.DATA_DIR);
    const apiKey = local.BOOTSTRAP_API_KEY ?? (await keptSecret(dataPaths(local.DATA_DIR).apiKey));
    const database = await progress('PostgreSQL', () => openDatabase(local));
    started('database', database);
    const appEnv = { ...LOCAL_DEFAULTS, ...env, ...settingsOf(local, apiKey, database.url) };
    await progress('migrations', () => migrate(database.url));

    const api = await startApi(loadApiConfig(appEnv));
    started('api', api);
    const url = `http://127.0.0.1:${api.port}`;
    let demoFunctionId: string | null = null;
    if (local.DEMO) {
      const demo = await startDemoFunction(
        createLogger({ service: 'demo', level: log.LOG_LEVEL, format: log.LOG_FORMAT }),
      );
      started('demo function', demo);
      demoFunctionId = await registerDemo({ url, key: apiKey }, demo.url);
    }
    started('scheduler', await startScheduler(loadSchedulerConfig(withoutPort(appEnv, 9091))));
    started('worker', await startWorker(loadWorkerConfig(withoutPort(appEnv, 9092))));
    printWelcome({
      url,
      apiKey,
      metricsPort: api.metricsPort,
      database: database.description,
      demoFunctionId,
    });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The local run alone is relaxed: functions on this machine may be invoked. */
const LOCAL_DEFAULTS = { FUNCTION_NETWORK: 'private', API_HOST: '127.0.0.1' };

function settingsOf(local: LocalConfig, apiKey: string, databaseUrl: string) {
  return {
    DATABASE_URL: databaseUrl,
    BOOTSTRAP_ACCOUNT_ID: local.BOOTSTRAP_ACCOUNT_ID,
    BOOTSTRAP_API_KEY: apiKey,
  };
}

/** One METRICS_PORT can't serve three apps in one process: the api has it, the others their own defaults. */
function withoutPort(env: NodeJS.ProcessEnv, port: number): NodeJS.ProcessEnv {
  return { ...env, METRICS_PORT: env['METRICS_PORT'] === '0' ? '0' : String(port) };
}

async function openDatabase(local: LocalConfig) {
  if (local.DATABASE_URL !== undefined) {
    const { host, pathname } = new URL(local.DATABASE_URL);
    return {
      url: local.DATABASE_URL,
      description: `${host}${pathname} (DATABASE_URL)`,
      stop: async () => undefined,
    };
  }
  const embedded = await startEmbeddedPostgres(local.DATA_DIR);
  return { ...embedded, description: `embedded, its files in ${embedded.directory}` };
}

async function migrate(databaseUrl: string): Promise<void> {
  try {
    await migrateAll(databaseUrl);
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
    throw new Error(`the database ${host}${pathname} cannot be used: ${reason}`, { cause: error });
  }
}
