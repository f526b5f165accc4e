import type { Overview } from '../api/overview.ts';
import { Panel } from '../components/panel.tsx';
import { PlainTable } from '../components/plain-table.tsx';
import { OwnedLink } from './owned-link.tsx';
import styles from './overview-page.module.css';

const COLUMNS = [{ label: 'Job' }, { label: 'Why' }];

/** Jobs that the service has paused by itself, the newest first. */
export function PausedJobsPanel({ paused }: { paused: Overview['paused_jobs'] }) {
  const isMore = paused.count > paused.jobs.length;
  return (
    <Panel title={`Jobs paused by the service (${paused.count.toLocaleString()})`}>
      {paused.jobs.length === 0 ? (
        <p className={styles.nothing}>The service has paused no job.</p>
      ) : (
        <PlainTable label="Jobs paused by the service" columns={COLUMNS}>
          {paused.jobs.map((job) => (
            <tr key={job.id}>
              <td>
                <OwnedLink accountId={job.account_id} to={`/jobs/${job.id}`}>
                  {job.name}
                </OwnedLink>
              </td>
              <td className={styles.reason}>{job.reason}</td>
            </tr>
          ))}
        </PlainTable>
      )}
      {isMore && <p className={styles.nothing}>These are the newest {paused.jobs.length}.</p>}
    </Panel>
  );
}
