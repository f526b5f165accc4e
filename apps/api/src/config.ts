import {
  type AccountsServiceConfig,
  accountsServiceKeys,
  type FunctionsServiceConfig,
  functionsServiceKeys,
} from '@automation/directory';
import {
  type DatabaseConfig,
  databaseKeys,
  type EgressConfig,
  egressKeys,
  type JobMetricsConfig,
  jobMetricsKeys,
  type LifecycleConfig,
  lifecycleKeys,
  loadConfig,
  type LogConfig,
  logKeys,
  type MetricsPortConfig,
  metricsPortKey,
  type ResourceConfig,
  resourceKeys,
  type TracingConfig,
  tracingKeys,
} from '@automation/service-kit';
import Joi from 'joi';

import { type JwtConfig, jwtKeys } from './auth/jwt-keys.ts';
import { ID_PATTERN } from './http/text-schema.ts';
import { limitKeys, type OwnLimitConfig } from './limits/limit-keys.ts';

interface OwnConfig {
  readonly API_HOST: string;
  /** 0 is any free port. */
  readonly API_PORT: number;
  /** An account and an admin key of it, made at start if missing. */
  readonly BOOTSTRAP_ACCOUNT_ID?: string;
  readonly BOOTSTRAP_API_KEY?: string;
  /** Milliseconds of SHUTDOWN_GRACE_MS in which it serves on after a SIGTERM, and says that it is not ready. */
  readonly SHUTDOWN_DELAY_MS: number;
}

/** The settings of the api (SPEC 6). */
export type ApiConfig = DatabaseConfig &
  LogConfig &
  LifecycleConfig &
  MetricsPortConfig &
  JobMetricsConfig &
  EgressConfig &
  TracingConfig &
  AccountsServiceConfig &
  FunctionsServiceConfig &
  JwtConfig &
  ResourceConfig &
  OwnLimitConfig &
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
  SHUTDOWN_DELAY_MS: Joi.number()
    .integer()
    .min(0)
    .max(Joi.ref('SHUTDOWN_GRACE_MS'))
    .default(0)
    .messages({ 'number.max': 'must not be more than SHUTDOWN_GRACE_MS' }),
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
      ...egressKeys,
      ...tracingKeys,
      ...accountsServiceKeys,
      ...functionsServiceKeys,
      ...jwtKeys,
      ...resourceKeys,
      ...limitKeys,
      ...ownKeys,
    },
    env,
  );
}
