import type { Search } from './search.ts';

/**
 * The names under which answers are cached. Whatever changes with a job stands under its id, so that one invalidation reaches
 * all of it; lists stand under a name of their own.
 */
export const queryKeys = {
  identity: () => ['identity'],
  eventSettings: () => ['event-settings'],
  /** Every list of jobs. */
  jobs: () => ['jobs'],
  jobList: (search: Search) => ['jobs', search],
  /** A job, and all that is read of it. */
  job: (id: string) => ['job', id],
  jobDetail: (id: string) => ['job', id, 'detail'],
  jobExecutions: (id: string, search: Search = {}) => ['job', id, 'executions', search],
  /** Pages of executions, which are too many to be read again with each event. */
  jobExecutionPages: (id: string, search: Search) => ['job-execution-pages', id, search],
  jobUpcoming: (id: string) => ['job', id, 'upcoming'],
  /** Compares a day, which is too much to be read again with each event. */
  jobAudit: (id: string) => ['job-audit', id],
  /** The newest executions of jobs that a list shows. */
  recentExecutions: (jobIds?: readonly string[]) =>
    jobIds === undefined ? ['recent-executions'] : ['recent-executions', jobIds],
  /** More of one job's newest executions than a list shows. */
  jobRecentExecutions: (id: string) => ['recent-executions', 'of-job', id],
  schedulePreview: (schedule: string, timezone: string) => ['schedule-preview', schedule, timezone],
  execution: (id: string) => ['execution', id],
  functions: () => ['functions'],
  functionDetail: (id: string) => ['functions', id],
  functionHealth: () => ['function-health'],
  overview: () => ['overview'],
};
