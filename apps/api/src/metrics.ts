import type { Execution, Job } from '@automation/domain';
import { BoundedJobLabels } from '@automation/service-kit';
import { Counter, Gauge, type Registry } from 'prom-client';

/** The seed's metrics that the api counts; the scheduler and the workers have the others. */
export interface JobMetrics {
  jobCreated(job: Job): void;
  jobUpdated(job: Job): void;
  /** A perform was completed by its function; those that were answered at once the workers count. */
  jobRun(execution: Pick<Execution, 'jobId' | 'accountId'>): void;
}

/** Makes the metrics in the process's registry; so many jobs have series of their own, the rest share one. */
export function createJobMetrics(registry: Registry, maxJobs: number): JobMetrics {
  const jobs = new BoundedJobLabels(maxJobs);
  const created = new Counter({
    name: 'automation_jobs_created_total',
    help: 'Jobs created',
    labelNames: ['account_id'] as const,
    registers: [registry],
  });
  const updated = new Counter({
    name: 'automation_jobs_updated_total',
    help: 'Jobs changed, enabled or disabled through the api',
    labelNames: ['account_id'] as const,
    registers: [registry],
  });
  const enabled = new Gauge({
    name: 'automation_job_enabled',
    help: 'Whether a job is enabled (1) or not (0), as of its last change through this process',
    labelNames: ['job_id', 'account_id'] as const,
    registers: [registry],
  });
  const runs = new Counter({
    name: 'automation_job_runs_total',
    help: 'Executions performed',
    labelNames: ['job_id', 'account_id'] as const,
    registers: [registry],
  });
  const showState = (job: Job): void => {
    enabled.set({ ...jobs.of({ jobId: job.id, accountId: job.accountId }) }, job.enabled ? 1 : 0);
  };
  return {
    jobCreated(job) {
      created.inc({ account_id: job.accountId });
      showState(job);
    },
    jobUpdated(job) {
      updated.inc({ account_id: job.accountId });
      showState(job);
    },
    jobRun(execution) {
      runs.inc({ ...jobs.of(execution) });
    },
  };
}
