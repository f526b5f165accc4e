import type { AttemptResult, PhaseRecord, Settlement } from '@automation/domain';
import type { Logger, OutageWatch } from '@automation/service-kit';
import type { LeasedExecution, Recorded } from '@automation/store';

import type { WorkerMetrics } from './metrics.ts';

/** A leased execution and what became of it. */
export interface SettledLease {
  execution: LeasedExecution;
  settlement: Settlement;
  /** What the attempt came to; null: none was made. */
  result: AttemptResult['kind'] | null;
  /** Of what is to be recorded, about. */
  bytes: number;
}

export interface ExecutionLogContext {
  logger: Logger;
  metrics: WorkerMetrics;
  outage: Pick<OutageWatch, 'noticed'>;
}

/** Says what happens to executions: one log line each, and the metrics. */
export class ExecutionLog {
  readonly #logger: Logger;
  readonly #metrics: WorkerMetrics;
  readonly #outage: Pick<OutageWatch, 'noticed'>;

  constructor({ logger, metrics, outage }: ExecutionLogContext) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#outage = outage;
  }

  /** So many executions came with a task that another worker has had. */
  takenOver(executions: number): void {
    this.#metrics.leaseRecoveries.inc(executions);
  }

  /** Its input could not be read; it is postponed. */
  unread(execution: LeasedExecution, error: unknown): void {
    if (this.#outage.noticed(error)) return;
    this.#logger.warn('input cannot be read, trying again', {
      error,
      phase: execution.phase,
      ...fieldsOf(execution),
    });
  }

  started(execution: LeasedExecution): void {
    if (execution.phase !== 'check' || execution.attempts > 0) return;
    const lagMs = Date.now() - execution.dueAt.getTime();
    this.#metrics.lag.observe(lagMs / 1_000);
    this.#logger.info('execution started', {
      phase: 'check',
      attempt: 1,
      lag_ms: lagMs,
      ...fieldsOf(execution),
    });
  }

  invoked({ phase, url }: LeasedExecution, result: AttemptResult): void {
    // Of a function that was deleted nothing can be asked.
    if (url !== null) this.#metrics.invoked(phase, result);
  }

  recorded({ execution, settlement, result }: SettledLease, recorded: Recorded): void {
    const { record, phase, next, reason } = settlement;
    if (result !== null) this.#metrics.executions.recorded(execution, settlement, result);
    const ids = fieldsOf(execution);
    if (record === null)
      this.#logger.debug('execution postponed', { phase, reason, retry_in_ms: next?.delayMs, ...ids });
    else this.#attempted(execution, { ...settlement, record }, result);
    if (recorded.job?.status)
      this.#logger.info(`job ${recorded.job.status}`, {
        reason: recorded.job.statusReason,
        ...jobFieldsOf(execution),
        enabled: false,
      });
  }

  #attempted(
    execution: LeasedExecution,
    { record, phase, next, status, reason }: Settlement & { record: PhaseRecord },
    result: SettledLease['result'],
  ): void {
    const durationMs = record.completedAt.getTime() - record.startedAt.getTime();
    const what = { phase, attempt: record.attempts, duration_ms: durationMs };
    const ids = fieldsOf(execution);
    if (record.status === 'accepted') {
      this.#logger.info('function will complete it later', { ...what, within_ms: next?.delayMs, ...ids });
      return;
    }
    const error = faultOf(record, result);
    if (reason !== null) this.#logger.warn('execution failed', { status, ...what, reason: error, ...ids });
    else if (next === null) this.#logger.info('execution completed', { status, ...what, ...ids });
    else if (next.phase !== phase) this.#logger.info('check passed', { ...what, ...ids });
    else {
      this.#metrics.retried(phase);
      const { delayMs } = next;
      this.#logger.warn('attempt failed', { ...what, error, retry_in_ms: delayMs, ...ids });
    }
  }
}

/** What went wrong in our words. The function's own are in the execution alone: they may repeat its payload. */
function faultOf({ httpStatus, error }: PhaseRecord, result: SettledLease['result']): string {
  return httpStatus === null || result === 'timed_out' ? error : `the function answered HTTP ${httpStatus}`;
}

/** Which execution it is, of what. */
export function fieldsOf(execution: LeasedExecution) {
  return { execution_id: execution.id, ...jobFieldsOf(execution) };
}

function jobFieldsOf({ jobId, accountId, functionId }: LeasedExecution) {
  return { job_id: jobId, account_id: accountId, function_id: functionId };
}
