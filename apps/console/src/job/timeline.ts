import type { RecentExecution } from '../api/execution.ts';
import { durationText } from '../components/duration-text.ts';
import { lookOf, outcomeOf } from '../components/outcome.ts';
import { localTimeText } from '../components/time-text.ts';
import type { UpcomingRun } from '../api/upcoming.ts';

/** A place in the timeline: an execution of the past, or a run to come. */
export interface TimelineEntry {
  /** Of the execution; the instant of a run to come. */
  id: string;
  /** Null is to come. */
  execution: RecentExecution | null;
  at: string;
  /** What it is, in words. */
  label: string;
}

/** Executions, which are given the newest first, and then what comes next, in the order of time. */
export function timelineOf(
  recents: readonly RecentExecution[],
  upcoming: readonly UpcomingRun[],
): TimelineEntry[] {
  const past = recents.toReversed().map((execution) => ({
    id: execution.id,
    execution,
    at: execution.scheduled_for,
    label: executionLabel(execution),
  }));
  const future = upcoming.map(({ at, note }) => ({
    id: at,
    execution: null,
    at,
    label: ['To come', localTimeText(new Date(at)), note].filter(Boolean).join(', '),
  }));
  return [...past, ...future];
}

/** Of what took no time at all. */
const LEAST_SHARE = 0.04;

/** The share of a bar's height: logarithmic, as a failure may take 1,000 times as long as a success; none if there is no duration. */
export function barShare(durationMs: number | null, longestMs: number): number {
  if (durationMs === null) return 0;
  return longestMs <= 0 ? LEAST_SHARE : Math.max(LEAST_SHARE, Math.log1p(durationMs) / Math.log1p(longestMs));
}

function executionLabel({
  status,
  scheduled_for: at,
  duration_ms: duration,
  lag_ms: lag,
}: RecentExecution): string {
  return [
    lookOf(outcomeOf(status)).label,
    localTimeText(new Date(at)),
    duration === null ? null : `took ${durationText(duration)}`,
    lag === null ? null : `began ${durationText(Math.max(0, lag))} late`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
