import type { RecentExecution } from '../api/execution.ts';

/** What a job's newest executions come to. What there is nothing to tell of is null. */
export interface Figures {
  /** Of the executions that performed, or tried to. */
  successShare: number | null;
  /** Of the executions whose function was asked. */
  declinedShare: number | null;
  /** In milliseconds, as is the lag: from due to taken up. */
  duration: Percentiles | null;
  lag: Percentiles | null;
}

export interface Percentiles {
  p50: number;
  p95: number;
}

export function figuresOf(executions: readonly RecentExecution[]): Figures {
  const count = (...statuses: RecentExecution['status'][]) =>
    executions.filter(({ status }) => statuses.includes(status)).length;
  const performed = count('succeeded', 'failed', 'timed_out');
  const asked = performed + count('declined');
  return {
    successShare: performed === 0 ? null : count('succeeded') / performed,
    declinedShare: asked === 0 ? null : count('declined') / asked,
    duration: percentilesOf(executions.map(({ duration_ms: duration }) => duration)),
    lag: percentilesOf(executions.map(({ lag_ms: lag }) => lag)),
  };
}

/** By nearest rank, of those that are there. */
function percentilesOf(values: readonly (number | null)[]): Percentiles | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}
