import type { PhaseRecord, Settlement } from '@automation/domain';
import type { Logger } from '@automation/service-kit';
import type { LeasedExecution, Recorded } from '@automation/store';

import type { WorkerMetrics } from './metrics.ts';

/** A leased execution and what became of it. */
export interface SettledLease {
  execution: LeasedExecution;
  settlement: Settlement;
}

/** Says what happens to executions: one log line each, and the metrics. */
export class ExecutionLog {
  readonly #logger: Logger;
  readonly #metrics: WorkerMetrics;

  constructor(logger: Logger, metrics: WorkerMetrics) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  started(execution: LeasedExecution): void {
    if (execution.phase !== 'check' || execution.attempts > 0) return;
    const lagMs = Date.now() - execution.dueAt.getTime();
    this.#metrics.lag.observe(lagMs / 1_000);
    this.#logger.info('execution started', { lag_ms: lagMs, ...fieldsOf(execution) });
  }

  recorded({ execution, settlement }: SettledLease, recorded: Recorded): void {
    const { record, phase, next, reason } = settlement;
    const ids = fieldsOf(execution);
    if (record === null)
      this.#logger.debug('execution postponed', { phase, reason, retry_in_ms: next?.delayMs, ...ids });
    else this.#attempted(execution, { ...settlement, record });
    if (recorded.jobStatus !== null)
      this.#logger.info(`job ${recorded.jobStatus}`, {
        reason: recorded.jobStatusReason,
        ...jobFieldsOf(execution),
        enabled: false,
      });
  }

  #attempted(
    execution: LeasedExecution,
    { record, phase, next, status, reason }: Settlement & { record: PhaseRecord },
  ): void {
    const durationMs = record.completedAt.getTime() - record.startedAt.getTime();
    const what = { phase, attempt: record.attempts, duration_ms: durationMs };
    const ids = fieldsOf(execution);
    if (record.status === 'accepted') {
      this.#logger.info('function will complete it later', { ...what, within_ms: next?.delayMs, ...ids });
      return;
    }
    const succeeded = record.status === 'succeeded';
    this.#metrics.attempt(execution, phase, { succeeded, seconds: durationMs / 1_000 });
    if (phase === 'perform' && next === null) this.#metrics.run(execution);
    if (reason !== null) this.#logger.warn('execution failed', { ...what, reason, ...ids });
    else if (next === null) this.#logger.info('execution completed', { status, ...what, ...ids });
    else if (next.phase !== phase) this.#logger.info('check passed', { ...what, ...ids });
    else {
      const { delayMs } = next;
      this.#logger.warn('attempt failed', { ...what, error: record.error, retry_in_ms: delayMs, ...ids });
    }
  }
}

function fieldsOf(execution: LeasedExecution) {
  return { ...jobFieldsOf(execution), execution_id: execution.id };
}

function jobFieldsOf({ jobId, accountId, functionId }: LeasedExecution) {
  return { job_id: jobId, account_id: accountId, function_id: functionId };
}
