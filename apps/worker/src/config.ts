import { type FunctionsServiceConfig, functionsServiceKeys } from '@automation/directory';
import {
  databaseKeys,
  type JobMetricsConfig,
  jobMetricsKeys,
  type DatabaseConfig,
  type EgressConfig,
  egressKeys,
  lifecycleKeys,
  type LifecycleConfig,
  loadConfig,
  logKeys,
  type LogConfig,
  type MetricsPortConfig,
  metricsPortKey,
  type TracingConfig,
  tracingKeys,
} from '@automation/service-kit';
import Joi from 'joi';

export type WorkerConfig = DatabaseConfig &
  LogConfig &
  LifecycleConfig &
  MetricsPortConfig &
  JobMetricsConfig &
  EgressConfig &
  FunctionsServiceConfig &
  TracingConfig & {
    /** Functions that are invoked at the same time, at most. */
    WORKER_CONCURRENCY: number;
  };

/** Reads the worker's settings. Throws ConfigError with every mistake in them. */
export function loadWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  return loadConfig<WorkerConfig>(
    {
      ...databaseKeys,
      ...logKeys,
      ...lifecycleKeys,
      ...metricsPortKey(9092),
      ...jobMetricsKeys,
      ...egressKeys,
      ...functionsServiceKeys,
      ...tracingKeys,
      WORKER_CONCURRENCY: Joi.number().integer().min(1).max(10_000).default(100),
    },
    env,
  );
}
