import type { UseQueryResult } from '@tanstack/react-query';

import type { Upcoming, UpcomingRun } from '../api/upcoming.ts';
import { AlertIcon } from '../components/icons.tsx';
import styles from './schedule-preview.module.css';
import { offsetText, wallText } from './wall-text.ts';

interface SchedulePreviewProps {
  /** Whether there is anything to preview. */
  isEmpty: boolean;
  preview: UseQueryResult<Upcoming>;
}

/** What a schedule means, and its next runs in UTC and by the clocks of its zone. It keeps its height whatever it shows. */
export function SchedulePreview({ isEmpty, preview }: SchedulePreviewProps) {
  const { data, isPlaceholderData } = preview;
  if (isEmpty) return <Message text="What the schedule means is shown here as you write it." />;
  if (data === undefined) {
    return (
      <Message
        text={preview.error === null ? 'Reading the schedule …' : 'Its runs are shown once it can be read.'}
      />
    );
  }
  return (
    <div className={styles.preview} aria-busy={isPlaceholderData}>
      <p className={styles.description} aria-live="polite">
        {data.description}
      </p>
      <NextRuns runs={data.next_runs} timezone={data.timezone} />
    </div>
  );
}

function Message({ text }: { text: string }) {
  return (
    <div className={styles.preview}>
      <p className={styles.message}>{text}</p>
    </div>
  );
}

function NextRuns({ runs, timezone }: { runs: readonly UpcomingRun[]; timezone: string }) {
  const isUtc = timezone === 'UTC';
  return (
    <div className={styles.box} tabIndex={0} role="region" aria-label="Next runs">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">UTC</th>
            {!isUtc && <th scope="col">{timezone}</th>}
          </tr>
        </thead>
        {runs.map((run) => (
          <tbody key={run.at}>
            <tr>
              <td>{wallText(run.at, isUtc ? 'whole' : 'date')}</td>
              {!isUtc && (
                <td>
                  {wallText(run.local, 'weekday')}{' '}
                  <span className={styles.offset}>{offsetText(run.local)}</span>
                </td>
              )}
            </tr>
            {run.note !== undefined && <Note text={run.note} columns={isUtc ? 1 : 2} />}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** That a change of the clocks matters. */
function Note({ text, columns }: { text: string; columns: number }) {
  return (
    <tr>
      <td className={styles.note} colSpan={columns}>
        <span>
          <AlertIcon />
          {text}
        </span>
      </td>
    </tr>
  );
}
