import { createTaskQueue } from '@automation/queue';
import {
  createLogger,
  createOpsServer,
  createRegistry,
  createTracer,
  LogLevelSwitch,
  OutageWatch,
  Readiness,
  replicaName,
  type Running,
  showConnections,
  stopInOrder,
  type StopStage,
} from '@automation/service-kit';
import { isUnreachable, jobs, openStore, requireMigrated } from '@automation/store';

import { showBacklog } from './backlog-metrics.ts';
import { ClaimLoop, type ClaimLoopOptions } from './claim-loop.ts';
import type { SchedulerConfig } from './config.ts';
import { EventRelay } from './event-relay.ts';
import { Maintenance } from './maintenance.ts';
import { createSchedulerMetrics } from './metrics.ts';
import { Scanner } from './scan/scanner.ts';
import { StorageWatch } from './storage-watch.ts';

export type RunningScheduler = Running & { metricsPort: number };

/** Starts a scheduler replica; any number may run on one database. */
export async function start(
  config: SchedulerConfig,
  logLevel = new LogLevelSwitch(config.LOG_LEVEL),
): Promise<RunningScheduler> {
  const parts = await buildParts(config, logLevel);
  const { logger, store, queue, loop, scanner, relay, maintenance, storageWatch, ops } = parts;
  const stop = () => stopInOrder(stopStages(parts), logger);
  try {
    const { port: metricsPort } = await ops.start();
    await requireMigrated(store.db);
    await queue.start();
    await store.listener.listen(
      jobs.JOBS_CHANGED,
      () => loop.wake(),
      () => loop.wake(),
    );
    await maintenance.start();
    loop.start();
    scanner.start();
    relay.start();
    storageWatch.start();
    logger.info('scheduler started', { metrics_port: metricsPort });
    return { metricsPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Builds everything once; nothing connects or listens yet. */
async function buildParts(config: SchedulerConfig, logLevel: LogLevelSwitch) {
  const logger = createLogger({ service: 'scheduler', level: logLevel, format: config.LOG_FORMAT });
  const tracer = await createTracer({ service: 'scheduler', config, logger });
  const onError = (error: Error) => {
    if (!outage.noticed(error)) logger.warn('database error', { error });
  };
  const registry = createRegistry('scheduler');
  const store = openStore({
    url: config.DATABASE_URL,
    sessionUrl: config.DATABASE_SESSION_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: replicaName('scheduler'),
    onConnectionError: onError,
  });
  showConnections(registry, store.pool);
  const outage = new OutageWatch({ logger, ping: () => store.ping(), isOutage: isUnreachable });
  const queue = createTaskQueue({
    pool: store.pool,
    backend: config.QUEUE_BACKEND,
    supervise: true,
    onError,
  });
  const context = { db: store.db, queue, logger, outage, metrics: createSchedulerMetrics(registry) };
  showBacklog(registry, context);
  const loop = new ClaimLoop({ ...context, tracer }, claimOptions(config));
  const scanner = new Scanner(context, config.SCAN_INTERVAL_MS);
  const relay = new EventRelay(context, config.MAX_EVENTS_PER_SECOND);
  const maintenance = new Maintenance(context, {
    historyDays: config.HISTORY_DAYS,
    auditLogDays: config.AUDIT_LOG_DAYS,
    eventDays: config.EVENT_DAYS,
  });
  const storageWatch = new StorageWatch(context, config.MAX_STORAGE_BYTES);
  const ops = createOpsServer({
    port: config.METRICS_PORT,
    registry,
    logger,
    logLevel,
    readiness: new Readiness({ database: () => store.ping() }),
  });
  return { logger, tracer, store, outage, queue, loop, scanner, relay, maintenance, storageWatch, ops };
}

/** Claiming first, the pool last: whatever is still under way finds all that it needs. */
function stopStages(parts: Parts): StopStage[] {
  const { loop, scanner, relay, maintenance, storageWatch, queue, ops, outage, store, tracer } = parts;
  return [
    { name: 'claiming', stop: () => loop.stop() },
    { name: 'scan', stop: () => scanner.stop() },
    { name: 'event relay', stop: () => relay.stop() },
    { name: 'maintenance', stop: () => maintenance.stop() },
    { name: 'storage watch', stop: () => storageWatch.stop() },
    { name: 'queue', stop: () => queue.stop() },
    { name: 'ops server', stop: () => ops.stop() },
    { name: 'outage watch', stop: async () => outage.stop() },
    { name: 'database', stop: () => store.close() },
    { name: 'traces', stop: () => tracer.stop() },
  ];
}

function claimOptions(config: SchedulerConfig): ClaimLoopOptions {
  return {
    batchSize: config.CLAIM_BATCH_SIZE,
    timeoutMs: config.CLAIM_TIMEOUT_MS,
    pollIntervalMs: config.POLL_INTERVAL_MS,
  };
}
