import { remoteFunctions } from '@automation/directory';
import { type BreakerState, CircuitBreakers, createInvoker } from '@automation/invoker';
import { createTaskQueue } from '@automation/queue';
import {
  createLogger,
  createOpsServer,
  createRegistry,
  createTracer,
  egressPolicyOf,
  type Logger,
  LogLevelSwitch,
  OutageWatch,
  Readiness,
  replicaName,
  type Running,
  showConnections,
  stopInOrder,
  type StopStage,
} from '@automation/service-kit';
import {
  EVENTS_PUBLISHED,
  EXECUTION_CANCELLED,
  isUnreachable,
  openStore,
  requireMigrated,
} from '@automation/store';

import type { WorkerConfig } from './config.ts';
import { EventDeliverer } from './events/event-deliverer.ts';
import { WorkerMetrics } from './metrics.ts';
import { Worker } from './worker.ts';

export type RunningWorker = Running & { metricsPort: number };

/** Starts a worker replica; any number may run on one database. */
export async function start(
  config: WorkerConfig,
  logLevel = new LogLevelSwitch(config.LOG_LEVEL),
): Promise<RunningWorker> {
  const parts = await buildParts(config, logLevel);
  const { logger, store, queue, worker, deliverer, ops } = parts;
  const stop = () => stopInOrder(stopStages(config, parts), logger);
  try {
    const { port: metricsPort } = await ops.start();
    await requireMigrated(store.db);
    await queue.start();
    const cancel = (executionId: string) => worker.cancel(executionId);
    // Notifications that came while there was no session are lost.
    await store.listener.listen(EXECUTION_CANCELLED, cancel, () => void worker.catchUp());
    const wake = () => deliverer.wake();
    await store.listener.listen(EVENTS_PUBLISHED, wake, wake);
    worker.start();
    deliverer.start();
    logger.info('worker started', { metrics_port: metricsPort, concurrency: config.WORKER_CONCURRENCY });
    return { metricsPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Builds everything once; nothing connects or listens yet. */
async function buildParts(config: WorkerConfig, logLevel: LogLevelSwitch) {
  const logger = createLogger({ service: 'worker', level: logLevel, format: config.LOG_FORMAT });
  const tracer = await createTracer({ service: 'worker', config, logger });
  const onError = (error: Error) => {
    if (!outage.noticed(error)) logger.warn('database error', { error });
  };
  const registry = createRegistry('worker');
  const store = openStore({
    url: config.DATABASE_URL,
    sessionUrl: config.DATABASE_SESSION_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: replicaName('worker'),
    onConnectionError: onError,
  });
  showConnections(registry, store.pool);
  const outage = new OutageWatch({ logger, ping: () => store.ping(), isOutage: isUnreachable });
  const { pool, listener } = store;
  const queue = createTaskQueue({ pool, listener, backend: config.QUEUE_BACKEND, supervise: false, onError });
  const invoker = createInvoker({ egress: egressPolicyOf(config) });
  const functions = remoteFunctions(config, logger);
  const metrics = new WorkerMetrics(registry, config.METRICS_MAX_JOBS);
  const breakers = new CircuitBreakers({ onChange: reportTo(logger, metrics) });
  const worker = new Worker({
    db: store.db,
    queue,
    invoker,
    functions,
    breakers,
    logger,
    outage,
    metrics,
    tracer,
    concurrency: config.WORKER_CONCURRENCY,
  });
  const endpoints = new CircuitBreakers({ onChange: reportEndpointTo(logger) });
  const deliverer = new EventDeliverer({
    db: store.db,
    invoker,
    breakers: endpoints,
    logger,
    outage,
    metrics,
  });
  metrics.show({ inFlight: () => worker.inFlight, openBreakers: () => breakers.openCount });
  const ops = createOpsServer({
    port: config.METRICS_PORT,
    registry,
    logger,
    logLevel,
    readiness: new Readiness({ database: () => store.ping() }),
  });
  return { logger, tracer, store, outage, queue, invoker, functions, worker, deliverer, ops };
}

/** What has begun is finished or given back before what it needs is closed. */
function stopStages(config: WorkerConfig, parts: Parts): StopStage[] {
  const { worker, deliverer, queue, invoker, functions, ops, outage, store, tracer } = parts;
  return [
    { name: 'intake', stop: () => both(worker.pause(), deliverer.pause()) },
    {
      name: 'drain',
      stop: () => both(worker.drain(), deliverer.drain()),
      deadlineMs: config.SHUTDOWN_GRACE_MS,
    },
    { name: 'cut off', stop: () => both(worker.cutOff(), deliverer.cutOff()), deadlineMs: 1_000 },
    { name: 'recording', stop: async () => worker.abandon() },
    { name: 'queue', stop: () => queue.stop() },
    { name: 'invoker', stop: () => invoker.close() },
    { name: 'functions service', stop: async () => functions?.close() },
    { name: 'ops server', stop: () => ops.stop() },
    { name: 'outage watch', stop: async () => outage.stop() },
    { name: 'database', stop: () => store.close() },
    { name: 'traces', stop: () => tracer.stop() },
  ];
}

async function both(...works: Promise<void>[]): Promise<void> {
  await Promise.all(works);
}

/** Says of a function's circuit when it opens and closes. */
function reportTo(logger: Logger, metrics: WorkerMetrics): (functionId: string, state: BreakerState) => void {
  return (functionId, state) => {
    if (state === 'open') metrics.breakerOpened.inc();
    const fields = { function_id: functionId };
    if (state === 'closed') logger.info('circuit breaker closed', fields);
    else logger.warn('circuit breaker open: its executions wait for a probe', fields);
  };
}

/** The same of an event endpoint's. */
function reportEndpointTo(logger: Logger): (endpointId: string, state: BreakerState) => void {
  return (endpointId, state) => {
    const fields = { endpoint_id: endpointId };
    if (state === 'closed') logger.info('circuit breaker closed', fields);
    else logger.warn('circuit breaker open: its events wait for a probe', fields);
  };
}
