import type { Job } from '@automation/domain';
import { BoundedJobLabels, BoundedLabel, counterFromZero, ExecutionMetrics } from '@automation/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import { REQUEST_LIMITS, type RequestLimit } from './limits/request-limits.ts';

/** A request and how it was answered. */
export interface AnsweredRequest {
  method: string;
  /** The route's path with its parameters' names, never with their values. */
  route: string;
  status: number;
  seconds: number;
}

/** The metrics of the api: the seed's, of which the scheduler and the workers have the others, and those of its requests. */
export interface ApiMetrics {
  jobCreated(job: Job): void;
  jobUpdated(job: Job): void;
  /** Of attempts that their functions complete later; those that are answered at once the workers count. */
  readonly executions: Pick<ExecutionMetrics, 'recorded'>;
  requestAnswered(request: AnsweredRequest): void;
  requestLimited(limit: RequestLimit): void;
}

/** Makes the metrics in the process's registry; so many jobs and accounts have series of their own, the rest share one. */
export function createApiMetrics(registry: Registry, maxJobs: number): ApiMetrics {
  const jobs = new BoundedJobLabels(maxJobs);
  return {
    ...createJobMetrics(registry, { jobs, accounts: new BoundedLabel(maxJobs) }),
    executions: new ExecutionMetrics(registry, jobs),
    ...createRequestMetrics(registry),
    ...createLimitMetrics(registry),
  };
}

function createJobMetrics(
  registry: Registry,
  { jobs, accounts }: { jobs: BoundedJobLabels; accounts: BoundedLabel },
): Pick<ApiMetrics, 'jobCreated' | 'jobUpdated'> {
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
  const showState = (job: Job): void => {
    const labels = jobs.own({ jobId: job.id, accountId: job.accountId });
    if (labels !== null) enabled.set({ ...labels }, job.enabled ? 1 : 0);
  };
  return {
    jobCreated(job) {
      created.inc({ account_id: accounts.of(job.accountId) });
      showState(job);
    },
    jobUpdated(job) {
      updated.inc({ account_id: accounts.of(job.accountId) });
      showState(job);
    },
  };
}

function createRequestMetrics(registry: Registry): Pick<ApiMetrics, 'requestAnswered'> {
  const duration = new Histogram({
    name: 'automation_http_request_duration_seconds',
    help: 'Duration of a request to the api; 499 is the status of those whose client had gone before they were answered',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    requestAnswered({ seconds, ...labels }) {
      duration.observe(labels, seconds);
    },
  };
}

function createLimitMetrics(registry: Registry): Pick<ApiMetrics, 'requestLimited'> {
  const limited = new Counter({
    name: 'automation_requests_limited_total',
    help: 'Requests refused since there were too many, by the limit that they met',
    labelNames: ['limit'] as const,
    registers: [registry],
  });
  for (const limit of REQUEST_LIMITS) counterFromZero(limited, { limit });
  return {
    requestLimited(limit) {
      limited.inc({ limit });
    },
  };
}
