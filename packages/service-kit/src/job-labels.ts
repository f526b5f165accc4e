import { OTHER } from './bounded-label.ts';

/** Labels of a metric's series of one job. */
export interface JobLabels {
  job_id: string;
  account_id: string;
}

interface JobRef {
  jobId: string;
  accountId: string;
}

/**
 * Gives jobs their labels: the first so many that are seen have series of their own, all others share one, so that a
 * million jobs take neither this process's memory nor Prometheus down.
 */
export class BoundedJobLabels {
  readonly #max: number;
  readonly #known = new Map<string, JobLabels>();
  readonly #other: JobLabels = { job_id: OTHER, account_id: OTHER };

  constructor(max: number) {
    this.#max = max;
  }

  of(job: JobRef): JobLabels {
    return this.own(job) ?? this.#other;
  }

  /** Null for a job that shares its series: of those the state of one says nothing. */
  own({ jobId, accountId }: JobRef): JobLabels | null {
    const known = this.#known.get(jobId);
    if (known !== undefined) return known;
    if (this.#known.size >= this.#max) return null;
    const labels = { job_id: jobId, account_id: accountId };
    this.#known.set(jobId, labels);
    return labels;
  }
}
