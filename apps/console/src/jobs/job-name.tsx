import { Link } from 'react-router';

import type { Job } from '../api/job.ts';
import styles from './job-cells.module.css';

interface JobNameProps {
  job: Pick<Job, 'id' | 'name' | 'description'>;
  /** Whether the tab key leads to the link. */
  isActive: boolean;
}

/** The name of a job, which leads to it, and what it says of itself. */
export function JobName({ job: { id, name, description }, isActive }: JobNameProps) {
  return (
    <div className={styles.lines}>
      <Link className={styles.name} to={`/jobs/${id}`} title={name} tabIndex={isActive ? 0 : -1}>
        {name}
      </Link>
      {description !== '' && (
        <span className={styles.muted} title={description}>
          {description}
        </span>
      )}
    </div>
  );
}
