import type { Phase } from '@automation/domain';
import { BoundedJobLabels } from '@automation/service-kit';
import type { LeasedExecution } from '@automation/store';
import { Counter, Histogram, type Registry } from 'prom-client';

/** The worker's metrics: the seed's by their names, and the dispatch lag. */
export class WorkerMetrics {
  readonly lag: Histogram;
  readonly #runs: Counter<'job_id' | 'account_id'>;
  readonly #duration: Histogram<'job_id' | 'phase'>;
  readonly #success: Histogram<'job_id' | 'phase'>;
  readonly #jobs: BoundedJobLabels;

  /** @param maxJobs with series of their own, the rest share one */
  constructor(registry: Registry, maxJobs: number) {
    this.#jobs = new BoundedJobLabels(maxJobs);
    const registers = [registry];
    this.lag = new Histogram({
      name: 'automation_dispatch_lag_seconds',
      help: 'From when an occurrence is due to the start of its check',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
      registers,
    });
    this.#runs = new Counter({
      name: 'automation_job_runs_total',
      help: 'Executions performed',
      labelNames: ['job_id', 'account_id'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'automation_execution_duration',
      help: 'Duration of an attempt in seconds, by phase',
      labelNames: ['job_id', 'phase'],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 900],
      registers,
    });
    this.#success = new Histogram({
      name: 'automation_execution_success',
      help: '1 for an attempt that succeeded, 0 for one that failed, by phase',
      labelNames: ['job_id', 'phase'],
      buckets: [0, 1],
      registers,
    });
  }

  attempt(execution: LeasedExecution, phase: Phase, outcome: { succeeded: boolean; seconds: number }): void {
    const labels = { job_id: this.#jobs.of(execution).job_id, phase };
    this.#duration.observe(labels, outcome.seconds);
    this.#success.observe(labels, outcome.succeeded ? 1 : 0);
  }

  run(execution: LeasedExecution): void {
    this.#runs.inc({ ...this.#jobs.of(execution) });
  }
}
