import { hasRunsLeft, type Job } from './job.ts';

/** Executions of one job that catch up side by side, at most, where its `overlap_policy` allows any (SPEC 3.3). */
export const CATCH_UP_AT_ONCE = 100;

/** A job's executions that have not finished, and how many it may still make. */
export type Occupancy = Pick<Job, 'overlapPolicy' | 'maxRuns' | 'runCount' | 'inFlight' | 'waiting'>;

/** Whether an occurrence's execution starts at once, waits until others have finished, or is skipped. */
export type Admission = { state: 'ready' | 'waiting'; reason: null } | { state: 'skipped'; reason: string };

/** Applies `max_runs` and `overlap_policy` to an occurrence (SPEC 1, 3.4). */
export function admit(job: Occupancy): Admission {
  if (!hasRunsLeft(job)) return noRunsLeft(job);
  if (job.inFlight === 0 || job.overlapPolicy === 'allow') return { state: 'ready', reason: null };
  if (job.overlapPolicy === 'skip') {
    return { state: 'skipped', reason: 'overlap: the previous execution has not finished' };
  }
  if (job.waiting === 0) return { state: 'waiting', reason: null };
  return { state: 'skipped', reason: 'overlap: an execution is waiting for the previous one already' };
}

/**
 * The same for one of several occurrences that `catch_up_policy: all` makes run: none of them is skipped for the others'
 * sake. They run one after the other, or a batch at a time where the job allows overlaps.
 */
export function admitCatchUp(job: Occupancy): Admission {
  if (!hasRunsLeft(job)) return noRunsLeft(job);
  const running = job.inFlight - job.waiting;
  const isFree = job.waiting === 0 && running < runningAtOnce(job);
  return { state: isFree ? 'ready' : 'waiting', reason: null };
}

/** How many executions of a job may run before others wait. */
export function runningAtOnce({ overlapPolicy }: Pick<Job, 'overlapPolicy'>): number {
  return overlapPolicy === 'allow' ? CATCH_UP_AT_ONCE : 1;
}

function noRunsLeft({ maxRuns }: Occupancy): Admission {
  return { state: 'skipped', reason: `max_runs: executions in flight may use up the ${maxRuns} runs` };
}
