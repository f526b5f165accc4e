import type { AttemptTimes } from './attempt-result.ts';
import type { JsonObject } from './json.ts';

export const EXECUTION_STATUSES = [
  'pending',
  'checking',
  'performing',
  'succeeded',
  'declined',
  'skipped',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export const TRIGGERS = ['schedule', 'manual', 'catch_up'] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const PHASES = ['check', 'perform'] as const;
export type Phase = (typeof PHASES)[number];

/** `accepted`: the function will complete it later; `retrying`: another attempt follows. */
export const PHASE_STATUSES = ['accepted', 'retrying', 'succeeded', 'failed', 'timed_out'] as const;
export type PhaseStatus = (typeof PHASE_STATUSES)[number];

/** What came of a phase so far: the seed's FunctionExecution, but for what the execution itself says. */
export interface PhaseRecord {
  /** Same as the `Idempotency-Key` that the function got. */
  id: string;
  input: JsonObject;
  output: JsonObject;
  logs: string[];
  error: string;
  status: PhaseStatus;
  startedAt: Date;
  completedAt: Date;
  /** HTTP requests made, the first one included. */
  attempts: number;
  httpStatus: number | null;
  /** Of the latest attempt. */
  times: AttemptTimes;
  /** When the next attempt is planned for; null if none follows. */
  retryAt: Date | null;
}

/** One attempt of a phase. One that ended with its worker is in no record. */
export interface AttemptRecord {
  /** 1 for the first. */
  number: number;
  status: PhaseStatus;
  error: string;
  httpStatus: number | null;
  startedAt: Date;
  completedAt: Date;
  times: AttemptTimes;
  retryAt: Date | null;
}

/** As many attempts as the ledger has of a phase, the latest ones. */
export const MOST_LOGGED_ATTEMPTS = 10;

/** What came of a phase so far, and of its attempts one by one, the latest last. */
export interface RecordedPhase extends Omit<PhaseRecord, 'times' | 'retryAt'> {
  attemptLog: AttemptRecord[];
}

/** An occurrence that was claimed (or a manual run) and what has come of it (SPEC 3). */
export interface Execution {
  id: string;
  jobId: string;
  accountId: string;
  functionId: string;
  trigger: Trigger;
  scheduledFor: Date;
  status: ExecutionStatus;
  /** Why it did not run, or did not succeed. */
  reason: string | null;
  check: RecordedPhase | null;
  perform: RecordedPhase | null;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
}

/** `Idempotency-Key` of a phase (SPEC 4): the same for all its attempts, and after a crash. */
export function idempotencyKey(executionId: string, phase: Phase): string {
  return `${executionId}:${phase}`;
}

/** The W3C trace that all requests of an execution and all that is logged of it belong to. */
export function traceIdOf(executionId: string): string {
  return executionId.replaceAll('-', '');
}
