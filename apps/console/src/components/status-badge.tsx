import type { ExecutionStatus } from '../api/execution.ts';
import type { JobStatus } from '../api/job.ts';
import { classNames } from './class-names.ts';
import { outcomeOf } from './outcome.ts';
import { OutcomeMark } from './outcome-mark.tsx';
import styles from './status-badge.module.css';

const EXECUTION_LABELS: Record<ExecutionStatus, string> = {
  pending: 'Pending',
  checking: 'Checking',
  performing: 'Performing',
  succeeded: 'Succeeded',
  declined: 'Declined',
  skipped: 'Skipped',
  failed: 'Failed',
  timed_out: 'Timed out',
  cancelled: 'Cancelled',
};

const JOB_LABELS: Record<JobStatus, string> = { active: 'Active', paused: 'Paused', completed: 'Completed' };

/** The status of an execution, in its outcome's colour and with its mark. */
export function ExecutionBadge({ status }: { status: ExecutionStatus }) {
  const outcome = outcomeOf(status);
  return (
    <span className={classNames(styles.badge, styles[outcome])}>
      <OutcomeMark outcome={outcome} />
      {EXECUTION_LABELS[status]}
    </span>
  );
}

/** The status of a job. */
export function JobBadge({ status }: { status: JobStatus }) {
  return (
    <span className={classNames(styles.badge, styles[status])}>
      <span className={styles.dot} aria-hidden="true" />
      {JOB_LABELS[status]}
    </span>
  );
}
