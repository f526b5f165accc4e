import type { Overview } from '../api/overview.ts';

/** What is drawn of an overview that has passed. What could not be told is null. */
export interface Sample {
  /** In milliseconds since 1970. */
  at: number;
  perSecond: number;
  failingShare: number | null;
  lagMs: number | null;
  backlog: number;
}

/** The overview as it is, and how it has been since the page was opened. */
export interface OverviewHistory {
  latest: Overview;
  samples: readonly Sample[];
}

/** How far back it goes. */
export const HISTORY_MS = 5 * 60_000;

/** Adds an overview to those before it, and forgets what is too old to be drawn. */
export function withOverview(history: OverviewHistory | undefined, latest: Overview): OverviewHistory {
  const sample = sampleOf(latest);
  const before = history?.samples ?? [];
  const kept = before.filter(({ at }) => at >= sample.at - HISTORY_MS && at < sample.at);
  return { latest, samples: [...kept, sample] };
}

function sampleOf(overview: Overview): Sample {
  return {
    at: Date.parse(overview.at),
    perSecond: overview.last_minute.per_second,
    failingShare: failingShare(overview),
    lagMs: overview.dispatch_lag_ms?.p99 ?? null,
    backlog: backlogOf(overview),
  };
}

/** Jobs that no scheduler has claimed yet, and tasks that no worker has taken. */
export function backlogOf({ backlog }: Overview): number {
  return backlog.due_jobs + waitingTasks(backlog.tasks);
}

export function waitingTasks({ check, perform }: Overview['backlog']['tasks']): number {
  return check.waiting + perform.waiting;
}

/** The share of failed and timed out executions among those that finished in the last five minutes; null if none has. */
export function failingShare(overview: Overview): number | null {
  const finished = finishedOf(overview);
  return finished === 0 ? null : failedOf(overview) / finished;
}

export function failedOf({ last_5_minutes: recent }: Overview): number {
  return recent.failed + recent.timed_out;
}

export function finishedOf(overview: Overview): number {
  const { succeeded, declined } = overview.last_5_minutes;
  return succeeded + declined + failedOf(overview);
}
