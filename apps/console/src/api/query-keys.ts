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
  jobLists: () => ['jobs', 'list'],
  jobList: (search: Search) => ['jobs', 'list', search],
  /** Jobs that a list shows, read again by themselves. */
  shownJobs: (jobIds: string) => ['jobs', 'shown', jobIds],
  jobsOfFunction: (functionId: string) => ['jobs', 'of-function', functionId],
  /** A job, and all that is read of it. */
  job: (id: string) => ['job', id],
  jobDetail: (id: string) => ['job', id, 'detail'],
  /** Pages of executions, which are too many to be read again with each event. */
  jobExecutionPages: (id: string, search: Search) => ['job-execution-pages', id, search],
  jobUpcoming: (id: string) => ['job', id, 'upcoming'],
  /** Compares a day, which is too much to be read again with each event. */
  jobAudit: (id: string) => ['job-audit', id],
  /** The newest executions of jobs that a list shows; their ids with commas between them. */
  recentExecutions: (jobIds?: string) =>
    jobIds === undefined ? ['recent-executions'] : ['recent-executions', jobIds],
  /** More of one job's newest executions than a list shows. */
  jobRecentExecutions: (id: string) => ['recent-executions', 'of-job', id],
  schedulePreview: (schedule: string, timezone: string) => ['schedule-preview', schedule, timezone],
  execution: (id: string) => ['execution', id],
  executionSiblings: (id: string) => ['execution', id, 'siblings'],
  functions: () => ['functions'],
  /** All functions at once, to choose from. */
  functionChoices: () => ['functions', 'choices'],
  functionDetail: (id: string) => ['functions', id],
  functionHealth: () => ['function-health'],
  overview: () => ['overview'],
};
