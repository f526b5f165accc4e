import type { Job } from '../api/job.ts';
import { Countdown } from '../components/countdown.tsx';
import { JobBadge } from '../components/status-badge.tsx';
import styles from './job-cells.module.css';
import { JobName } from './job-name.tsx';
import { JobOutcomes } from './job-outcomes.tsx';
import { scheduleText } from './schedule-text.ts';

/** A job in one cell, for where there is no room for more columns. */
export function JobSummary({ job, isActive }: { job: Job; isActive: boolean }) {
  return (
    <div className={styles.summary}>
      <div className={styles.between}>
        <JobName job={{ ...job, description: '' }} isActive={isActive} />
        <JobBadge status={job.status} />
      </div>
      <span className={styles.muted} title={job.schedule}>
        {scheduleText(job.schedule, job.timezone)}
      </span>
      <div className={styles.between}>
        <JobOutcomes id={job.id} />
        <Countdown to={job.next_run} />
      </div>
    </div>
  );
}
