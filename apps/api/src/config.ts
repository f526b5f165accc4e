import type { Network } from '@automation/invoker';
import {
  type DatabaseConfig,
  databaseKeys,
  type JobMetricsConfig,
  jobMetricsKeys,
  type LifecycleConfig,
  lifecycleKeys,
  loadConfig,
  type LogConfig,
  logKeys,
  type MetricsPortConfig,
  metricsPortKey,
  type TracingConfig,
  tracingKeys,
} from '@automation/service-kit';
import Joi from 'joi';

import { ID_PATTERN } from './http/text-schema.ts';

interface OwnConfig {
  readonly API_HOST: string;
  /** 0 is any free port. */
  readonly API_PORT: number;
  /** An account and an admin key of it, made at start if missing. */
  readonly BOOTSTRAP_ACCOUNT_ID?: string;
  readonly BOOTSTRAP_API_KEY?: string;
  readonly FUNCTION_NETWORK: Network;
}

/** The settings of the api (SPEC 6). */
export type ApiConfig = DatabaseConfig &
  LogConfig &
  LifecycleConfig &
  MetricsPortConfig &
  JobMetricsConfig &
  TracingConfig &
  OwnConfig;

const SHORTEST_KEY = 32;

const ownKeys: Joi.PartialSchemaMap<OwnConfig> = {
  API_HOST: Joi.string().hostname().default('127.0.0.1'),
  API_PORT: Joi.number().port().default(8080),
  BOOTSTRAP_ACCOUNT_ID: Joi.string()
    .pattern(ID_PATTERN)
    .when('BOOTSTRAP_API_KEY', {
      is: Joi.exist(),
      // eslint-disable-next-line unicorn/no-thenable -- the name is joi's
      then: Joi.required().messages({ 'any.required': 'is required beside BOOTSTRAP_API_KEY' }),
      otherwise: Joi.forbidden().messages({ 'any.unknown': 'needs BOOTSTRAP_API_KEY beside it' }),
    }),
  BOOTSTRAP_API_KEY: Joi.string().min(SHORTEST_KEY),
  FUNCTION_NETWORK: Joi.string().valid('public', 'private').default('public'),
};

/** Reads the settings; throws a ConfigError that names every mistake. */
export function loadApiConfig(env: NodeJS.ProcessEnv): ApiConfig {
  return loadConfig<ApiConfig>(
    {
      ...databaseKeys,
      ...logKeys,
      ...lifecycleKeys,
      ...metricsPortKey(9090),
      ...jobMetricsKeys,
      ...tracingKeys,
      ...ownKeys,
    },
    env,
  );
}
