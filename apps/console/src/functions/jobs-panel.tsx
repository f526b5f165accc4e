import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { useApi } from '../api/api-context.ts';
import type { Job } from '../api/job.ts';
import { queryKeys } from '../api/query-keys.ts';
import { ErrorNote } from '../components/error-note.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { Panel } from '../components/panel.tsx';
import { JobBadge } from '../components/status-badge.tsx';
import styles from './jobs-panel.module.css';

const SHOWN = 10;

/** The newest jobs that use a function, and the way to all of them. */
export function JobsPanel({ functionId }: { functionId: string }) {
  const api = useApi();
  const search = { function_id: functionId, limit: SHOWN };
  const { data, error } = useQuery({
    queryKey: queryKeys.jobsOfFunction(functionId),
    queryFn: ({ signal }) => api.list<Job>('/automation/jobs', search, signal),
  });
  return (
    <Panel title="Jobs that use it">
      {data === undefined && (error === null ? <LoadingState rows={3} /> : <ErrorNote error={error} />)}
      {data?.items.length === 0 && <p className={styles.none}>No job uses it.</p>}
      <ul className={styles.jobs}>
        {data?.items.map((job) => (
          <li key={job.id} className={styles.job}>
            <Link to={`/jobs/${job.id}`} title={job.name}>
              {job.name}
            </Link>
            <JobBadge status={job.status} />
          </li>
        ))}
      </ul>
      {data !== undefined && data.next !== null && (
        <Link to={`/jobs?function_id=${encodeURIComponent(functionId)}`}>All jobs that use it</Link>
      )}
    </Panel>
  );
}
