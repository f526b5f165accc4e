import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

import { createInvoker } from '@automation/invoker';
import { createTaskQueue } from '@automation/queue';
import {
  type Clock,
  createLogger,
  createOpsServer,
  createRegistry,
  createTracer,
  listen,
  type Logger,
  LogLevelSwitch,
  OutageWatch,
  replicaName,
  type Running,
  showConnections,
  stopInOrder,
  type StopStage,
  systemClock,
} from '@automation/service-kit';
import { apiKeys, isUnreachable, openStore, requireMigrated } from '@automation/store';

import { ensureBootstrapAccount } from './accounts/ensure-bootstrap-account.ts';
import { createApp } from './app.ts';
import { KnownKeys } from './auth/known-keys.ts';
import type { ApiConfig } from './config.ts';
import type { ApiDependencies } from './dependencies.ts';
import { createApiMetrics } from './metrics.ts';

export interface StartOverrides {
  logger?: Logger;
  clock?: Clock;
  logLevel?: LogLevelSwitch;
}

export interface StartedApi extends Running {
  port: number;
  metricsPort: number;
}

/**
 * Starts the api on a migrated database: API_PORT for users, METRICS_PORT for operators (SPEC 6). `stop` lets requests in
 * flight finish within SHUTDOWN_GRACE_MS; calling it again waits for the same end.
 */
export async function start(config: ApiConfig, overrides: StartOverrides = {}): Promise<StartedApi> {
  const parts = await buildParts(config, overrides);
  const { logger, server, ops } = parts;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopInOrder(stopStages(config, parts), logger));
  try {
    await requireMigrated(parts.store.db);
    await parts.queue.start();
    await ensureBootstrapAccount(parts.api, config);
    const { port: metricsPort } = await ops.start();
    const port = await listen(server, { host: config.API_HOST, port: config.API_PORT, setting: 'API_PORT' });
    logger.info('api started', { host: config.API_HOST, port, metrics_port: metricsPort });
    return { port, metricsPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Builds everything once; nothing connects or listens yet. */
async function buildParts(config: ApiConfig, overrides: StartOverrides) {
  const logLevel = overrides.logLevel ?? new LogLevelSwitch(config.LOG_LEVEL);
  const logger =
    overrides.logger ?? createLogger({ service: 'api', level: logLevel, format: config.LOG_FORMAT });
  const tracer = await createTracer({ service: 'api', config, logger });
  const onError = (error: Error): void => {
    if (!outage.noticed(error)) logger.warn('database error', { error });
  };
  const store = openStore({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: replicaName('api'),
    onConnectionError: onError,
  });
  const queue = createTaskQueue({
    pool: store.pool,
    listener: store.listener,
    supervise: false,
    onError,
  });
  const outage = new OutageWatch({ logger, ping: () => store.ping(), isOutage: isUnreachable });
  const invoker = createInvoker({ network: config.FUNCTION_NETWORK });
  const registry = createRegistry('api');
  showConnections(registry, store.pool);
  const clock = overrides.clock ?? systemClock;
  const api: ApiDependencies = {
    store,
    keys: new KnownKeys((text) => apiKeys.authenticate(store.db, text), clock),
    queue,
    invoker,
    metrics: createApiMetrics(registry, config.METRICS_MAX_JOBS),
    logger,
    tracer,
    clock,
    functionNetwork: config.FUNCTION_NETWORK,
    outage,
  };
  const ops = createOpsServer({
    port: config.METRICS_PORT,
    registry,
    logger,
    logLevel,
    readiness: { database: () => store.ping() },
  });
  return { api, logger, tracer, outage, store, queue, invoker, ops, server: createServer(createApp(api)) };
}

/** Intake first, the pool last: whatever is still under way finds all that it needs. */
function stopStages(config: ApiConfig, parts: Parts): StopStage[] {
  const { server, invoker, queue, ops, outage, store, tracer } = parts;
  return [
    {
      name: 'requests in flight',
      stop: () => drain(server, config.SHUTDOWN_GRACE_MS),
      deadlineMs: config.SHUTDOWN_GRACE_MS + 1_000,
    },
    { name: 'invoker', stop: () => invoker.close() },
    { name: 'queue', stop: () => queue.stop() },
    { name: 'ops server', stop: () => ops.stop() },
    { name: 'outage watch', stop: async () => outage.stop() },
    { name: 'store', stop: () => store.close() },
    { name: 'traces', stop: () => tracer.stop() },
  ];
}

/** Takes no more requests, and cuts what has not finished after the grace period. */
async function drain(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  // Connections that are kept alive would bring new requests until the grace period is over.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  server.close();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
