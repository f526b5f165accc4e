import { useParams } from 'react-router';

import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { StaleNotice } from '../components/stale-notice.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { ConfigurationPanel } from './configuration-panel.tsx';
import { ExecutionsPanel } from './executions-panel.tsx';
import { JobHeader } from './job-header.tsx';
import styles from './job-page.module.css';
import { RecentPanel } from './recent-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { useJob } from './use-job.ts';

const JOBS = { to: '/jobs', label: 'Jobs' };

/** A job: what has become of it and what comes next, its figures, and what it says. */
export function JobPage() {
  const { id = '' } = useParams();
  // Another job is another page: what is open or half written on this one is not for that one.
  return <JobOfId key={id} id={id} />;
}

function JobOfId({ id }: { id: string }) {
  const { data, error, dataUpdatedAt, refetch } = useJob(id);
  const retry = () => void refetch();
  if (data === undefined) {
    return (
      <>
        <PageHeader title="Job" parent={JOBS} />
        {error === null ? (
          <LoadingState label="Reading the job" />
        ) : (
          <ErrorState error={error} onRetry={retry} />
        )}
      </>
    );
  }
  const job = data.value;
  return (
    <>
      <JobHeader job={job} />
      {error !== null && <StaleNotice error={error} readAt={dataUpdatedAt} onRetry={retry} />}
      <div className={styles.page}>
        <TimelinePanel job={job} />
        <div className={styles.columns}>
          <div className={styles.column}>
            <RecentPanel jobId={id} />
            <ExecutionsPanel jobId={id} />
          </div>
          <div className={styles.column}>
            <AuditPanel jobId={id} />
            <ConfigurationPanel job={data} />
          </div>
        </div>
      </div>
    </>
  );
}
