import type { AttemptResult, Phase, Settlement } from '@automation/domain';
import { Counter, Histogram, type Registry } from 'prom-client';

import { counterFromZero } from './counter-from-zero.ts';
import type { BoundedJobLabels, JobLabels } from './job-labels.ts';

/** The series of one job. */
type JobSeries = Record<Phase, PhaseSeries> & { runs: Counter.Internal };

interface PhaseSeries {
  duration: Histogram.Internal<'job_id' | 'phase'>;
  success: Histogram.Internal<'job_id' | 'phase'>;
}

/** Why executions end: what their last attempt came to, but for a check that says "not now". */
type Ending = Exclude<AttemptResult['kind'], 'accepted'> | 'declined';

/**
 * What came of attempts and executions: the seed's metrics by their names, and the ends. Workers count what functions
 * answer, and the api what they complete later.
 */
export class ExecutionMetrics {
  readonly #jobs: BoundedJobLabels;
  /** A worker does thousands of runs a second: their labels are not built anew for each. */
  readonly #series = new Map<JobLabels, JobSeries>();
  readonly #runs: Counter<'job_id' | 'account_id'>;
  readonly #duration: Histogram<'job_id' | 'phase'>;
  readonly #success: Histogram<'job_id' | 'phase'>;
  readonly #finished: Record<Ending, Counter.Internal>;

  constructor(registry: Registry, jobs: BoundedJobLabels) {
    this.#jobs = jobs;
    const registers = [registry];
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
    this.#finished = createFinished(registers);
  }

  /** An attempt's result was recorded. One that the function will complete later is counted when it does. */
  recorded(
    execution: { jobId: string; accountId: string },
    { phase, record, status, next }: Settlement,
    result: AttemptResult['kind'],
  ): void {
    if (record === null || result === 'accepted') return;
    const series = this.#seriesOf(execution);
    const { duration, success } = series[phase];
    duration.observe((record.completedAt.getTime() - record.startedAt.getTime()) / 1_000);
    success.observe(result === 'succeeded' ? 1 : 0);
    if (next !== null) return;
    if (phase === 'perform') series.runs.inc();
    this.#finished[status === 'declined' ? status : result].inc();
  }

  #seriesOf(execution: { jobId: string; accountId: string }): JobSeries {
    const labels = this.#jobs.of(execution);
    const known = this.#series.get(labels);
    if (known !== undefined) return known;
    const { job_id } = labels;
    const ofPhase = (phase: Phase): PhaseSeries => ({
      duration: this.#duration.labels({ job_id, phase }),
      success: this.#success.labels({ job_id, phase }),
    });
    const runs = this.#runs.labels({ ...labels });
    const series = { check: ofPhase('check'), perform: ofPhase('perform'), runs };
    this.#series.set(labels, series);
    return series;
  }
}

function createFinished(registers: Registry[]): Record<Ending, Counter.Internal> {
  const finished = new Counter({
    name: 'automation_executions_finished_total',
    help:
      'Executions by final status, and of those without success by what their last attempt came to: unavailable ' +
      '(network error, 408, 425, 429, 5xx), rejected (another status, an answer that cannot be read, a refused address), ' +
      'gone (410) or timed_out; else none',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  const ended = (outcome: string, reason: string) => counterFromZero(finished, { outcome, reason });
  return {
    succeeded: ended('succeeded', 'none'),
    declined: ended('declined', 'none'),
    unavailable: ended('failed', 'unavailable'),
    rejected: ended('failed', 'rejected'),
    gone: ended('failed', 'gone'),
    timed_out: ended('timed_out', 'timed_out'),
  };
}
