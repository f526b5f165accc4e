import type { JsonObject } from './json.ts';

export const JOB_STATUSES = ['active', 'completed', 'paused'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The numeric codes of the seed's contract, beside the names. */
export const JOB_STATUS_CODES: Readonly<Record<JobStatus, number>> = { active: 0, completed: 1, paused: 2 };

export const OVERLAP_POLICIES = ['skip', 'queue', 'allow'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

export const CATCH_UP_POLICIES = ['latest', 'all', 'none'] as const;
export type CatchUpPolicy = (typeof CATCH_UP_POLICIES)[number];

/** What the user says of a job: everything that create and update accept. */
export interface JobDefinition {
  functionId: string;
  name: string;
  description: string;
  schedule: string;
  timezone: string;
  payload: JsonObject;
  metadata: JsonObject;
  /** Performs after which the job is completed; 0 = unlimited. */
  maxRuns: number;
  /** Attempts after the first one, per phase. */
  retryLimit: number;
  /** Seconds per attempt; null = the function's own. */
  timeoutSeconds: number | null;
  /** Failed executions in a row after which the job is paused; 0 = never. */
  pauseAfterFailures: number;
  /** What becomes of an occurrence while the previous execution has not finished. */
  overlapPolicy: OverlapPolicy;
  /** What becomes of occurrences that were missed. */
  catchUpPolicy: CatchUpPolicy;
  /** How far back `all` reaches. */
  catchUpWindowSeconds: number;
  /** Most that an occurrence is delayed by, so that jobs of the same minute spread out. */
  jitterSeconds: number;
  /** No occurrence before it; `@every` counts from it. */
  startAt: Date | null;
  /** No occurrence after it. */
  endAt: Date | null;
}

/** A user's automation (SPEC 1). */
export interface Job extends JobDefinition {
  id: string;
  accountId: string;
  status: JobStatus;
  enabled: boolean;
  /** Perform phases that reached a final outcome. */
  runCount: number;
  /** Check phases that reached a final outcome. */
  checkCount: number;
  consecutiveFailures: number;
  /** Executions that are claimed and not finished; each holds one of `maxRuns` for itself. */
  inFlight: number;
  /** Those of them that wait for others to finish. */
  waiting: number;
  lastRun: Date | null;
  /** When the next occurrence is due, jitter included; null whenever the job will not run by itself. */
  nextRun: Date | null;
  /** The next occurrence as the schedule says it; null together with `nextRun`. */
  nextOccurrence: Date | null;
  /** Where `@every` counts from: its occurrences are anchor + n × interval (SPEC 2). */
  anchor: Date;
  /** Why the service paused or completed the job; null if a user did. */
  statusReason: string | null;
  /** Goes up with every change of the definition or status; the ETag of the api. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What a new job gets where its creator says nothing. */
export const JOB_DEFAULTS = {
  description: '',
  timezone: 'UTC',
  payload: {},
  metadata: {},
  maxRuns: 0,
  retryLimit: 2,
  timeoutSeconds: null,
  pauseAfterFailures: 0,
  overlapPolicy: 'skip',
  catchUpPolicy: 'latest',
  catchUpWindowSeconds: 86_400,
  jitterSeconds: 0,
  startAt: null,
  endAt: null,
} as const satisfies Partial<JobDefinition>;

/** Whether the job's runs are used up, counting those that executions in flight may still make. */
export function hasRunsLeft(job: Pick<Job, 'maxRuns' | 'runCount' | 'inFlight'>): boolean {
  return job.maxRuns === 0 || job.runCount + job.inFlight < job.maxRuns;
}
