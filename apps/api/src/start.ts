import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { createInvoker } from '@automation/invoker';
import { createTaskQueue } from '@automation/queue';
import {
  type Clock,
  createLogger,
  createOpsServer,
  createRegistry,
  createTracer,
  egressPolicyOf,
  listen,
  type Logger,
  LogLevelSwitch,
  OutageWatch,
  Readiness,
  replicaName,
  type Running,
  showConnections,
  stopInOrder,
  type StopStage,
  systemClock,
} from '@automation/service-kit';
import { apiKeys, EVENTS_PUBLISHED, isUnreachable, openStore, requireMigrated } from '@automation/store';

import { ensureBootstrapAccount } from './accounts/ensure-bootstrap-account.ts';
import { createApp } from './app.ts';
import { KnownKeys } from './auth/known-keys.ts';
import { openTokenVerifier } from './auth/token-verifier.ts';
import type { ApiConfig } from './config.ts';
import type { ApiDependencies } from './dependencies.ts';
import { EventStreams } from './events/event-streams.ts';
import { showStreams } from './events/stream-metrics.ts';
import { createHttpServer } from './http/http-server.ts';
import { createLimits } from './limits/limits.ts';
import { createApiMetrics } from './metrics.ts';
import { openDirectories } from './open-directories.ts';

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
  const { logger, server, store, eventStreams, ops } = parts;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopInOrder(stopStages(config, parts), logger));
  try {
    await requireMigrated(store.db);
    await parts.queue.start();
    await ensureBootstrapAccount(parts.api, config);
    const wake = () => eventStreams.wake();
    await store.listener.listen(EVENTS_PUBLISHED, wake, wake);
    eventStreams.start();
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
    sessionUrl: config.DATABASE_SESSION_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: replicaName('api'),
    onConnectionError: onError,
  });
  const queue = createTaskQueue({
    pool: store.pool,
    backend: config.QUEUE_BACKEND,
    supervise: false,
    onError,
  });
  const outage = new OutageWatch({ logger, ping: () => store.ping(), isOutage: isUnreachable });
  const egress = egressPolicyOf(config);
  const invoker = createInvoker({ egress });
  const registry = createRegistry('api');
  showConnections(registry, store.pool);
  const metrics = createApiMetrics(registry, config.METRICS_MAX_JOBS);
  const clock = overrides.clock ?? systemClock;
  const readiness = new Readiness({ database: () => store.ping() });
  const eventStreams = new EventStreams({ db: store.db, logger, outage });
  showStreams(registry, eventStreams);
  const directories = openDirectories(config, { db: store.db, logger });
  const api: ApiDependencies = {
    store,
    keys: new KnownKeys((text) => apiKeys.authenticate(store.db, text), clock),
    tokens: openTokenVerifier(config, { clock, logger }),
    accounts: directories.accounts,
    external: directories.external,
    queue,
    invoker,
    eventStreams,
    limits: createLimits(config, { db: store.db, metrics }),
    metrics,
    logger,
    tracer,
    clock,
    egress,
    readiness,
    outage,
  };
  const ops = createOpsServer({
    port: config.METRICS_PORT,
    registry,
    logger,
    logLevel,
    readiness,
  });
  const server = createHttpServer(createApp(api));
  return { api, logger, tracer, outage, store, queue, invoker, eventStreams, directories, ops, server };
}

/** Intake first, the pool last: whatever is still under way finds all that it needs. */
function stopStages(config: ApiConfig, parts: Parts): StopStage[] {
  const { SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_GRACE_MS: graceMs } = config;
  const { server, eventStreams, invoker, directories, queue, ops, outage, store, tracer } = parts;
  return [
    { name: 'farewell', stop: () => sendElsewhere(parts, delayMs), deadlineMs: delayMs + 1_000 },
    { name: 'event streams', stop: () => eventStreams.close() },
    {
      name: 'requests in flight',
      stop: () => drain(server, graceMs - delayMs),
      deadlineMs: graceMs - delayMs + 1_000,
    },
    { name: 'invoker', stop: () => invoker.close() },
    { name: 'directories', stop: () => directories.close() },
    { name: 'queue', stop: () => queue.stop() },
    { name: 'ops server', stop: () => ops.stop() },
    { name: 'outage watch', stop: async () => outage.stop() },
    { name: 'store', stop: () => store.close() },
    { name: 'traces', stop: () => tracer.stop() },
  ];
}

/**
 * Serves on for a while, but is not ready, and closes each connection with its answer: balancers and clients go elsewhere
 * before anything is refused to them, or lost on a connection that both sides use at the same moment.
 */
async function sendElsewhere({ server, api }: Parts, delayMs: number): Promise<void> {
  if (!server.listening) return;
  api.readiness.withdraw();
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  await delay(delayMs);
}

/** Takes no more requests, and cuts what has not finished after the grace period. */
async function drain(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
