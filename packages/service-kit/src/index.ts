export { BoundedLabel } from './bounded-label.ts';
export { systemClock, type Clock } from './clock.ts';
export { ConfigError } from './config-error.ts';
export { showConnections } from './connection-metrics.ts';
export { counterFromZero } from './counter-from-zero.ts';
export { withDeadline } from './deadline.ts';
export { listen, type ListenOptions } from './listen.ts';
export { loadConfig } from './load-config.ts';
export { createTracer } from './create-tracer.ts';
export { dispatchContext, dispatchSpan, executionAttributes } from './dispatch-span.ts';
export { durationText } from './duration-text.ts';
export { errorMessage } from './error-message.ts';
export { ExecutionMetrics } from './execution-metrics.ts';
export { BoundedJobLabels } from './job-labels.ts';
export type { LogFields, LogFormat, LogLevel } from './log-event.ts';
export { LogLevelSwitch } from './log-level-switch.ts';
export { createLogger, type Logger, type LoggerOptions, type LogStream } from './logger.ts';
export type { MainProcess } from './main-process.ts';
export { createOpsServer, type OpsServer, type OpsServerOptions } from './ops-server.ts';
export { OutageWatch, type OutageWatchOptions } from './outage-watch.ts';
export { Pace } from './pace.ts';
export { Readiness, type ReadinessReport } from './readiness.ts';
export { createRegistry } from './registry.ts';
export { replicaName } from './replica-name.ts';
export { runMain, type MainOptions, type Running } from './run-main.ts';
export {
  databaseKeys,
  egressKeys,
  egressPolicyOf,
  jobMetricsKeys,
  lifecycleKeys,
  logKeys,
  metricsPortKey,
  resourceKeys,
  tracingKeys,
  type DatabaseConfig,
  type EgressConfig,
  type JobMetricsConfig,
  type LifecycleConfig,
  type LogConfig,
  type MetricsPortConfig,
  type ResourceConfig,
  type TracingConfig,
} from './shared-keys.ts';
export { stopInOrder, type StopStage } from './stop-in-order.ts';
export { formatTraceparent, newSpanId, parseTraceparent, type SpanContext } from './trace-context.ts';
export { type FinishedSpan, noTracer, type Tracer } from './tracer.ts';
