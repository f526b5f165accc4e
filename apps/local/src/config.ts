import { resolve } from 'node:path';

import { loadApiConfig } from '@automation/api';
import { loadSchedulerConfig } from '@automation/scheduler';
import { ConfigError, databaseKeys, loadConfig, type LogConfig, logKeys } from '@automation/service-kit';
import { loadWorkerConfig } from '@automation/worker';
import Joi from 'joi';

interface OwnConfig extends LogConfig {
  /** Where the embedded server keeps its files, and the made-up key. */
  readonly DATA_DIR: string;
  /** A server of the user's own; nothing is embedded then. */
  readonly DATABASE_URL?: string;
  /** Whether a demo function with a job runs along. */
  readonly DEMO: boolean;
  /** Made up and kept in DATA_DIR if not given. */
  readonly BOOTSTRAP_API_KEY?: string;
}

/** What `npm start` itself is told, and the settings of each app but for the database and the key that it finds out. */
export type LocalConfig = ReturnType<typeof loadLocalConfig>;

const HIGHEST_METRICS_PORT = 65_533;

const ownKeys: Joi.PartialSchemaMap<OwnConfig & { METRICS_PORT: number; FUNCTION_NETWORK: string }> = {
  ...logKeys,
  DATA_DIR: Joi.string().default('.data'),
  DATABASE_URL: databaseKeys.DATABASE_URL.optional(),
  DEMO: Joi.boolean().default(true).messages({ 'boolean.base': 'must be true or false' }),
  BOOTSTRAP_API_KEY: Joi.string(),
  METRICS_PORT: Joi.number().port().max(HIGHEST_METRICS_PORT),
  FUNCTION_NETWORK: Joi.string().when('DEMO', {
    is: true,
    // eslint-disable-next-line unicorn/no-thenable -- the name is joi's
    then: Joi.invalid('public').messages({
      'any.invalid': 'refuses the demo function, which runs on this machine: set DEMO=false beside it',
    }),
  }),
};

/** The local run alone is relaxed: functions on this machine may be invoked. The first two stand in for what it finds out. */
const APP_DEFAULTS = {
  DATABASE_URL: 'postgres://127.0.0.1/',
  BOOTSTRAP_API_KEY: 'x'.repeat(32),
  BOOTSTRAP_ACCOUNT_ID: 'demo',
  API_HOST: '127.0.0.1',
  METRICS_PORT: '9090',
  FUNCTION_NETWORK: 'private',
};

/**
 * Reads every setting of the local run and of the apps in it. METRICS_PORT is the api's, the scheduler's and the worker's
 * are the next two.
 *
 * @throws ConfigError with the mistakes in all of them, before anything is started
 */
export function loadLocalConfig(env: NodeJS.ProcessEnv) {
  const given = Object.entries(env).filter(([, value]) => value !== '');
  const appEnv: NodeJS.ProcessEnv = { ...APP_DEFAULTS, ...Object.fromEntries(given) };
  const load = {
    own: () => loadConfig<OwnConfig>(ownKeys, env),
    api: () => loadApiConfig(appEnv),
    scheduler: () => loadSchedulerConfig(withMetricsPort(appEnv, 1)),
    worker: () => loadWorkerConfig(withMetricsPort(appEnv, 2)),
  };
  reportTogether(Object.values(load));
  const own = load.own();
  return {
    ...own,
    DATA_DIR: resolve(own.DATA_DIR),
    api: load.api(),
    scheduler: load.scheduler(),
    worker: load.worker(),
  };
}

/** One METRICS_PORT can't serve three apps on one machine: each has the next one, or any free one. */
function withMetricsPort(env: NodeJS.ProcessEnv, offset: number): NodeJS.ProcessEnv {
  const first = Number(env['METRICS_PORT']);
  const isSpecific = first > 0 && first <= HIGHEST_METRICS_PORT;
  return isSpecific ? { ...env, METRICS_PORT: String(first + offset) } : env;
}

/** Throws one ConfigError with all that the loaders say. They share settings: the first word on each stands. */
function reportTogether(loaders: readonly (() => unknown)[]): void {
  const problems = new Map<string, string>();
  for (const problem of loaders.flatMap(problemsOf)) {
    const setting = problem.split(' ', 1).join();
    if (!problems.has(setting)) problems.set(setting, problem);
  }
  if (problems.size > 0) throw new ConfigError([...problems.values()]);
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
