import Joi from 'joi';
import { logFormats, logLevels, type LogFormat, type LogLevel } from './log-event.ts';

/** Of pg-boss's profiles those of the servers that our own SQL runs on as well (infra/SCALING.md). */
const queueBackends = ['postgres', 'citus'] as const;

/** How a process reaches PostgreSQL. */
export interface DatabaseConfig {
  readonly DATABASE_URL: string;
  /** Where sessions last, if DATABASE_URL leads to a pooler that lends one for a transaction at a time. */
  readonly DATABASE_SESSION_URL?: string;
  /** Connections at most. */
  readonly DATABASE_POOL_SIZE: number;
  /** What kind of server it is, in pg-boss's words. */
  readonly QUEUE_BACKEND: (typeof queueBackends)[number];
}

/** What a process writes to its log, and how. */
export interface LogConfig {
  readonly LOG_LEVEL: LogLevel;
  readonly LOG_FORMAT: LogFormat;
}

/** How a process ends. */
export interface LifecycleConfig {
  /** Milliseconds in which work in flight may finish after a SIGTERM. */
  readonly SHUTDOWN_GRACE_MS: number;
}

/** Where a process serves /metrics, /healthz and /readyz. */
export interface MetricsPortConfig {
  /** 0 is any free port. */
  readonly METRICS_PORT: number;
}

/** How many jobs have metrics of their own, and how many accounts. */
export interface JobMetricsConfig {
  readonly METRICS_MAX_JOBS: number;
}

/** Where functions may be. */
export interface EgressConfig {
  /** `public`: functions at private and local addresses are refused. */
  readonly FUNCTION_NETWORK: 'public' | 'private';
  /** Those that functions may have under `public`. */
  readonly FUNCTION_PORTS: readonly number[];
  /** Whether functions may do without TLS under `public`. */
  readonly FUNCTION_HTTP: 'refused' | 'allowed';
}

/** Limits of the whole installation, which one process keeps and another one shows. */
export interface ResourceConfig {
  /** 0: no limit. */
  readonly MAX_STORAGE_BYTES: number;
  /** Events that all schedulers together publish in a second, at most. */
  readonly MAX_EVENTS_PER_SECOND: number;
}

const traceSamplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

type TraceSampler = (typeof traceSamplers)[number];

/** Whether and where a process sends its traces, by the names that OpenTelemetry gives to its settings. */
export interface TracingConfig {
  /** Of a receiver of OTLP over HTTP. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  readonly OTEL_TRACES_SAMPLER: TraceSampler;
  /** The share of traces that `traceidratio` records. */
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

const hourMs = 3_600_000;

const postgresUrl = Joi.string()
  .uri({ scheme: ['postgres', 'postgresql'] })
  .messages({ 'string.uriCustomScheme': 'must be a URI like postgres://user:password@host:5432/database' });

/** Settings of a process that uses the database (SPEC 6). */
export const databaseKeys: Joi.StrictSchemaMap<DatabaseConfig> = {
  DATABASE_URL: postgresUrl.required(),
  DATABASE_SESSION_URL: postgresUrl,
  DATABASE_POOL_SIZE: Joi.number().integer().min(1).default(10),
  QUEUE_BACKEND: Joi.string()
    .valid(...queueBackends)
    .default('postgres')
    .messages({
      'any.only':
        'must be postgres or citus: our own SQL needs notifications, advisory locks and partitions, which CockroachDB lacks and YugabyteDB has in part',
    }),
};

/** Settings of the log: `pretty` on a terminal, `json` elsewhere (SPEC 6). */
export const logKeys: Joi.StrictSchemaMap<LogConfig> = {
  LOG_LEVEL: Joi.string()
    .lowercase()
    .valid(...logLevels)
    .default('info'),
  LOG_FORMAT: Joi.string()
    .lowercase()
    .valid(...logFormats)
    .default(() => defaultLogFormat(process.stdout)),
};

/** Settings of a shutdown. The default leaves room within the 30 s that Kubernetes grants (SPEC 6). */
export const lifecycleKeys: Joi.StrictSchemaMap<LifecycleConfig> = {
  SHUTDOWN_GRACE_MS: Joi.number().integer().min(0).max(hourMs).default(25_000),
};

/** METRICS_MAX_JOBS (SPEC 6): the other jobs, and accounts beyond as many, share one series of each metric. */
export const jobMetricsKeys: Joi.StrictSchemaMap<JobMetricsConfig> = {
  METRICS_MAX_JOBS: Joi.number().integer().min(0).max(100_000).default(1_000),
};

/** Settings of where functions may be; the defaults are those that are safe (SPEC 6). */
export const egressKeys: Record<keyof EgressConfig, Joi.Schema> = {
  FUNCTION_NETWORK: Joi.string().valid('public', 'private').default('public'),
  FUNCTION_PORTS: Joi.string().custom(readPorts).default([443, 8443]),
  FUNCTION_HTTP: Joi.string().valid('refused', 'allowed').default('refused'),
};

/** The same as the invoker takes it. */
export function egressPolicyOf({ FUNCTION_NETWORK, FUNCTION_PORTS, FUNCTION_HTTP }: EgressConfig) {
  return { network: FUNCTION_NETWORK, ports: FUNCTION_PORTS, http: FUNCTION_HTTP };
}

/** Settings of the seed's limits; 300 MiB is what its manifest says (SPEC 5). */
export const resourceKeys: Joi.StrictSchemaMap<ResourceConfig> = {
  MAX_STORAGE_BYTES: Joi.number().integer().min(0).default(314_572_800),
  MAX_EVENTS_PER_SECOND: Joi.number().integer().min(1).max(100_000).default(1_000),
};

/** Settings of tracing, which is off without an endpoint (SPEC 6). */
export const tracingKeys: Joi.StrictSchemaMap<TracingConfig> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .messages({ 'string.uriCustomScheme': 'must be a URI like http://collector:4318' }),
  OTEL_TRACES_SAMPLER: Joi.string()
    .valid(...traceSamplers)
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: Joi.number().min(0).max(1).default(1),
};

/** METRICS_PORT, whose default differs from app to app: api 9090, scheduler 9091, worker 9092 (SPEC 6). */
export function metricsPortKey(defaultPort: number): Joi.StrictSchemaMap<MetricsPortConfig> {
  return { METRICS_PORT: Joi.number().port().default(defaultPort) };
}

/** People read a terminal, machines read everything else. */
export function defaultLogFormat(stream: { readonly isTTY?: boolean }): LogFormat {
  return stream.isTTY === true ? 'pretty' : 'json';
}

function readPorts(text: string, helpers: Joi.CustomHelpers): number[] | Joi.ErrorReport {
  const ports = text.split(',').map(Number);
  const areValid = ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535);
  return areValid
    ? ports
    : helpers.message({ custom: 'must be ports with commas between them, such as 443,8443' });
}
