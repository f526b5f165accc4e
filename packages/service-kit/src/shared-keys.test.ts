import { loadConfig } from './load-config.ts';
import {
  databaseKeys,
  defaultLogFormat,
  egressKeys,
  egressPolicyOf,
  lifecycleKeys,
  logKeys,
  metricsPortKey,
  tracingKeys,
  type DatabaseConfig,
  type EgressConfig,
  type LifecycleConfig,
  type LogConfig,
  type MetricsPortConfig,
  type TracingConfig,
} from './shared-keys.ts';

const DATABASE_URL = 'postgresql://user:p%40ss@localhost:5432/automation';

describe('databaseKeys', () => {
  test('DATABASE_URL is required, DATABASE_POOL_SIZE is 10, QUEUE_BACKEND postgres', () => {
    expect(loadConfig<DatabaseConfig>(databaseKeys, { DATABASE_URL })).toEqual({
      DATABASE_URL,
      DATABASE_POOL_SIZE: 10,
      QUEUE_BACKEND: 'postgres',
    });
    expect(() => loadConfig<DatabaseConfig>(databaseKeys, {})).toThrow('DATABASE_URL is required');
  });

  test('DATABASE_URL is a PostgreSQL URI, and the complaint does not repeat it', () => {
    const env = { DATABASE_URL: 'mysql://root:hunter2@localhost/db' };
    expect(() => loadConfig<DatabaseConfig>(databaseKeys, env)).toThrow(
      'invalid configuration: DATABASE_URL must be a URI like postgres://user:password@host:5432/database',
    );
  });

  test('DATABASE_POOL_SIZE is a whole number, at least 1', () => {
    const env = { DATABASE_URL, DATABASE_POOL_SIZE: '0' };
    expect(() => loadConfig<DatabaseConfig>(databaseKeys, env)).toThrow('DATABASE_POOL_SIZE "0" must be');
  });

  test.each(['cockroachdb', 'yugabytedb', 'pglite'])(
    'QUEUE_BACKEND %s is a profile of pg-boss that our own SQL can not run on, and refused',
    (QUEUE_BACKEND) => {
      expect(() => loadConfig<DatabaseConfig>(databaseKeys, { DATABASE_URL, QUEUE_BACKEND })).toThrow(
        `QUEUE_BACKEND "${QUEUE_BACKEND}" must be postgres or citus: our own SQL needs`,
      );
    },
  );
});

describe('logKeys', () => {
  test('LOG_LEVEL is info unless set', () => {
    expect(loadConfig<LogConfig>(logKeys, {}).LOG_LEVEL).toBe('info');
  });

  test('LOG_LEVEL and LOG_FORMAT are read in any case', () => {
    expect(loadConfig<LogConfig>(logKeys, { LOG_LEVEL: 'DEBUG', LOG_FORMAT: 'JSON' })).toEqual({
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
    });
  });

  test('other values are refused', () => {
    expect(() => loadConfig<LogConfig>(logKeys, { LOG_LEVEL: 'trace', LOG_FORMAT: 'xml' })).toThrow(
      'LOG_LEVEL "trace" must be one of [error, warn, info, debug]; LOG_FORMAT "xml" must be one of [json, pretty]',
    );
  });

  test('LOG_FORMAT is pretty on a terminal and json elsewhere unless set', () => {
    expect(defaultLogFormat({ isTTY: true })).toBe('pretty');
    expect(defaultLogFormat({})).toBe('json');
    expect(loadConfig<LogConfig>(logKeys, {}).LOG_FORMAT).toBe(defaultLogFormat(process.stdout));
  });
});

test('SHUTDOWN_GRACE_MS is 25 s unless set', () => {
  expect(loadConfig<LifecycleConfig>(lifecycleKeys, {})).toEqual({ SHUTDOWN_GRACE_MS: 25_000 });
  expect(loadConfig<LifecycleConfig>(lifecycleKeys, { SHUTDOWN_GRACE_MS: '0' })).toEqual({
    SHUTDOWN_GRACE_MS: 0,
  });
});

test('METRICS_PORT is what the app says unless set', () => {
  expect(loadConfig<MetricsPortConfig>(metricsPortKey(9091), {})).toEqual({ METRICS_PORT: 9091 });
  expect(loadConfig<MetricsPortConfig>(metricsPortKey(9091), { METRICS_PORT: '0' })).toEqual({
    METRICS_PORT: 0,
  });
});

const policyOf = (env: NodeJS.ProcessEnv) => egressPolicyOf(loadConfig<EgressConfig>(egressKeys, env));

describe('egressKeys', () => {
  test('functions are public, at the ports of https and with TLS, unless set otherwise', () => {
    expect(policyOf({})).toEqual({ network: 'public', ports: [443, 8443], http: 'refused' });
    const env = { FUNCTION_NETWORK: 'private', FUNCTION_PORTS: '80, 443', FUNCTION_HTTP: 'allowed' };
    expect(policyOf(env)).toEqual({ network: 'private', ports: [80, 443], http: 'allowed' });
  });

  test.each(['0', '65536', '443,', 'https', '443;80', '-1', '1.5'])(
    'FUNCTION_PORTS %j is refused',
    (ports) => {
      expect(() => policyOf({ FUNCTION_PORTS: ports })).toThrow(
        `FUNCTION_PORTS "${ports}" must be ports with commas between them, such as 443,8443`,
      );
    },
  );

  test('FUNCTION_HTTP is refused or allowed', () => {
    expect(() => policyOf({ FUNCTION_HTTP: 'true' })).toThrow(
      'FUNCTION_HTTP "true" must be one of [refused, allowed]',
    );
  });
});

describe('tracingKeys', () => {
  test('tracing is off unless an endpoint is set, and then all traces are recorded', () => {
    expect(loadConfig<TracingConfig>(tracingKeys, { OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toEqual({
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
  });

  test('what OpenTelemetry would ignore is refused', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '1.5',
    };
    expect(() => loadConfig<TracingConfig>(tracingKeys, env)).toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT "collector:4318" must be a URI like http://collector:4318; OTEL_TRACES_SAMPLER "jaeger_remote" must be one of',
    );
    expect(() => loadConfig<TracingConfig>(tracingKeys, env)).toThrow(
      'OTEL_TRACES_SAMPLER_ARG "1.5" must be',
    );
  });
});
