import type { Job } from '../api/job.ts';
import styles from './job-cells.module.css';
import { scheduleText } from './schedule-text.ts';

/** When a job runs, in plain English, with its zone unless that is UTC; on hover as it is written. */
export function JobSchedule({ job: { schedule, timezone } }: { job: Job }) {
  const text = scheduleText(schedule, timezone);
  const written = `${schedule} (${timezone})`;
  if (timezone === 'UTC')
    return (
      <span className={styles.clamped} title={written}>
        {text}
      </span>
    );
  return (
    <div className={styles.lines} title={written}>
      <span className={styles.text}>{text}</span>
      <span className={styles.muted}>{timezone}</span>
    </div>
  );
}
