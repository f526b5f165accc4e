import type { Job } from '../api/job.ts';
import styles from './job-cells.module.css';

const NUMBER = new Intl.NumberFormat();

/** How often a job has run, and of how many times if those are limited. */
export function JobRuns({ job: { run_count: runs, max_runs: most } }: { job: Job }) {
  return (
    <span className={styles.text}>
      {NUMBER.format(runs)}
      {most > 0 && <span className={styles.muted}> of {NUMBER.format(most)}</span>}
    </span>
  );
}
