import { Countdown } from '../components/countdown.tsx';
import { Duration } from '../components/duration.tsx';
import { ExecutionBadge } from '../components/status-badge.tsx';
import { Time } from '../components/time.tsx';
import { triggerText } from '../executions/trigger-text.ts';
import styles from './timeline-detail.module.css';
import type { TimelineEntry } from './timeline.ts';

/** In words, what is pointed at in the timeline. Hidden from screen readers, which are told by the entry itself. */
export function TimelineDetail({ entry: { execution, at } }: { entry: TimelineEntry }) {
  if (execution === null) {
    return (
      <div className={styles.detail} aria-hidden="true">
        <span>To come</span>
        <Time at={at} />
        <Countdown to={at} />
      </div>
    );
  }
  return (
    <div className={styles.detail} aria-hidden="true">
      <ExecutionBadge status={execution.status} />
      <Time at={at} />
      {execution.duration_ms !== null && (
        <span>
          took <Duration ms={execution.duration_ms} />
        </span>
      )}
      {execution.lag_ms !== null && (
        <span>
          began <Duration ms={Math.max(0, execution.lag_ms)} /> late
        </span>
      )}
      {execution.trigger !== 'schedule' && <span>{triggerText(execution.trigger).toLowerCase()}</span>}
    </div>
  );
}
