import type { AuditCounts, AuditWindow, ExecutionStatus } from '@automation/domain';
import type { ExecutionCount, HistoryBounds, Lateness } from '@automation/store';
import Joi from 'joi';

import { instant, instantOrNull, instantSchema } from '../http/instant.ts';

/** What an audit came to, of one job or of all. */
export interface Audit {
  window: AuditWindow;
  bounds: HistoryBounds;
  counts: AuditCounts;
  executions: readonly ExecutionCount[];
  lateness: Lateness | null;
}

/** An audit as it is answered, but for what it is of. */
export function auditJson({ window, bounds, counts, executions, lateness }: Audit) {
  const scheduled = executions.filter(({ isManual }) => !isManual);
  const count = (...statuses: ExecutionStatus[]) =>
    sum(scheduled.filter(({ status }) => statuses.includes(status)));
  const { expected, due, unaccounted, unexpected, missed, unreadable } = counts;
  return {
    from: instant(window.from),
    to: instant(window.to),
    history_from: instantOrNull(bounds.historyFrom),
    expected,
    succeeded: count('succeeded'),
    declined: count('declined'),
    failed: count('failed'),
    timed_out: count('timed_out'),
    cancelled: count('cancelled'),
    skipped: count('skipped'),
    missed,
    open: count('pending', 'checking', 'performing'),
    due,
    unaccounted,
    unexpected,
    unreadable,
    manual: sum(executions.filter(({ isManual }) => isManual)),
    lateness_ms: lateness && { ...lateness },
  };
}

function sum(counts: readonly ExecutionCount[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

const number = (description: string) => Joi.number().integer().min(0).required().description(description);

const commonKeys = {
  from: instantSchema('Where the audit begins: as asked for, unless history that old is dropped.'),
  to: instantSchema('Where it ends, not included: as asked for, but not in the future.'),
  history_from: instantSchema('How far back the history goes.').allow(null),
  expected: number(
    'Occurrences that the schedule yields while the job is active. Each is one of the kinds that follow, up to `unaccounted`.',
  ),
  succeeded: number('Performed.'),
  declined: number('Checked, and the function said no.'),
  failed: number('Failed, retries included.'),
  timed_out: number('Not finished in time.'),
  cancelled: number('Cancelled before they were finished.'),
  skipped: number('Skipped, with a reason in the execution.'),
  missed: number('Never claimed: the service was down, or the job was changed before.'),
  open: number('Under way.'),
  due: number('Not claimed yet.'),
  unaccounted: number('In no entry of the ledger: 0, or a defect.'),
  unexpected: number(
    'Entries that are no occurrence or repeat one, as after the clock was set back: they are in the counts above too.',
  ),
  unreadable: number('Stretches whose schedule can no longer be read: of them the ledger is believed.'),
  manual: number('Runs that were asked for; they are in none of the counts above.'),
  lateness_ms: Joi.object({
    p50: Joi.number().integer().required(),
    p95: Joi.number().integer().required(),
    max: Joi.number().integer().required(),
  })
    .allow(null)
    .required()
    .description('From when executions were due to when a worker took them up; null if none was.'),
};

export const jobAuditSchema = Joi.object({ job_id: Joi.string().uuid().required(), ...commonKeys }).id(
  'JobAudit',
);

export const serviceAuditSchema = Joi.object({
  ...commonKeys,
  jobs: number('Jobs that had anything to compare.'),
  defects: Joi.array()
    .items(
      Joi.object({
        job_id: Joi.string().uuid().required(),
        unaccounted: number('As above, of this job.'),
        unexpected: number('As above, of this job.'),
      }),
    )
    .required()
    .description('Jobs with anything unaccounted or unexpected, at most 100.'),
}).id('ServiceAudit');
