import {
  databaseKeys,
  type DatabaseConfig,
  lifecycleKeys,
  type LifecycleConfig,
  loadConfig,
  logKeys,
  type LogConfig,
  type MetricsPortConfig,
  metricsPortKey,
  type ResourceConfig,
  resourceKeys,
  type TracingConfig,
  tracingKeys,
} from '@automation/service-kit';
import Joi from 'joi';

export type SchedulerConfig = DatabaseConfig &
  LogConfig &
  LifecycleConfig &
  MetricsPortConfig &
  ResourceConfig &
  TracingConfig & {
    /** Longest wait between two looks at the jobs. */
    POLL_INTERVAL_MS: number;
    /** Bounds a tick, and each statement of a claim. */
    CLAIM_TIMEOUT_MS: number;
    /** Jobs that one transaction claims at most. */
    CLAIM_BATCH_SIZE: number;
    /** Between two rounds of the ledger's scan. */
    SCAN_INTERVAL_MS: number;
    /** Days for which the history of executions is kept. */
    HISTORY_DAYS: number;
    /** Days for which the audit log is kept. */
    AUDIT_LOG_DAYS: number;
    /** Days for which events are kept. */
    EVENT_DAYS: number;
  };

/** Reads the scheduler's settings. Throws ConfigError with every mistake in them. */
export function loadSchedulerConfig(env: NodeJS.ProcessEnv): SchedulerConfig {
  return loadConfig<SchedulerConfig>(
    {
      ...databaseKeys,
      ...logKeys,
      ...lifecycleKeys,
      ...metricsPortKey(9091),
      ...resourceKeys,
      ...tracingKeys,
      POLL_INTERVAL_MS: Joi.number().integer().min(10).max(60_000).default(1_000),
      CLAIM_TIMEOUT_MS: Joi.number().integer().min(100).max(60_000).default(2_000),
      CLAIM_BATCH_SIZE: Joi.number().integer().min(1).max(5_000).default(500),
      SCAN_INTERVAL_MS: Joi.number().integer().min(10).max(3_600_000).default(10_000),
      HISTORY_DAYS: Joi.number().integer().min(1).max(3_650).default(30),
      // The database keeps 30 days of it, whoever asks: a day more, since clocks differ.
      AUDIT_LOG_DAYS: Joi.number().integer().min(31).max(3_650).default(365),
      EVENT_DAYS: Joi.number().integer().min(1).max(365).default(3),
    },
    env,
  );
}
