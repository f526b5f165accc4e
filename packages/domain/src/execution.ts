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
  check: PhaseRecord | null;
  perform: PhaseRecord | null;
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
