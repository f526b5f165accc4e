import type { BulkKind, Target } from './bulk-kind.ts';

const DONE: Record<BulkKind, string> = {
  pause: 'Paused',
  resume: 'Resumed',
  run: 'Started',
  cancel: 'Cancelled',
};

const NOT_DONE: Record<BulkKind, string> = {
  pause: 'paused',
  resume: 'resumed',
  run: 'started',
  cancel: 'cancelled',
};

/** What has been done: `Paused 50 jobs.`, `Started nightly report.` */
export function doneMessage(kind: BulkKind, done: readonly Target[]): string {
  return kind === 'cancel' ? cancelledMessage(done) : `${DONE[kind]} ${whichJobs(done)}.`;
}

/** What has not: `3 of 50 jobs could not be paused.` */
export function failedMessage(kind: BulkKind, failed: number, total: number): string {
  const which = total === 1 ? 'The job' : `${failed} of ${total} jobs`;
  return `${which} could not be ${NOT_DONE[kind]}.`;
}

function cancelledMessage(done: readonly Target[]): string {
  const cancelled = done.filter(({ executionId }) => executionId !== null);
  const late = done.length - cancelled.length;
  if (late === 0) return `${DONE.cancel} ${runs(cancelled.length)}.`;
  const had = late === 1 ? '1 had finished.' : `${late} had finished.`;
  return cancelled.length === 0
    ? `Too late to cancel: ${had}`
    : `${DONE.cancel} ${runs(cancelled.length)}; ${had}`;
}

function whichJobs(targets: readonly Target[]): string {
  const [first] = targets;
  return targets.length === 1 && first !== undefined ? first.job.name : `${targets.length} jobs`;
}

function runs(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}
