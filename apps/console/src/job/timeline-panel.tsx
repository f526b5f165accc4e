import type { Job } from '../api/job.ts';
import { ErrorState } from '../components/error-state.tsx';
import { Panel } from '../components/panel.tsx';
import { timelineOf } from './timeline.ts';
import { TimelineStrip } from './timeline-strip.tsx';
import styles from './timeline-panel.module.css';
import { useJobRecents } from './use-job-recents.ts';
import { useJobUpcoming } from './use-job-upcoming.ts';

/** The last executions of a job, and the runs to come. */
export function TimelinePanel({ job }: { job: Job }) {
  const recents = useJobRecents(job.id);
  const upcoming = useJobUpcoming(job.id);
  return (
    <Panel title="Timeline">
      <Content job={job} recents={recents} upcoming={upcoming} />
    </Panel>
  );
}

interface ContentProps {
  job: Job;
  recents: ReturnType<typeof useJobRecents>;
  upcoming: ReturnType<typeof useJobUpcoming>;
}

function Content({ job, recents, upcoming }: ContentProps) {
  if (recents.data === undefined) {
    if (recents.error === null) return <div className={styles.place} />;
    return <ErrorState error={recents.error} onRetry={() => void recents.refetch()} />;
  }
  const entries = timelineOf(recents.data, upcoming.data?.next_runs ?? []);
  if (entries.length > 0) return <TimelineStrip entries={entries} />;
  return (
    <div className={styles.place}>
      <p className={styles.empty}>
        {job.status === 'active' ? 'It has not run yet.' : 'No run is in the history, and none is to come.'}
      </p>
    </div>
  );
}
