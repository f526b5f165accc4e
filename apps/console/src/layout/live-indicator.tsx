import { useIsLive } from '../live/live-context.ts';
import styles from './live-indicator.module.css';

/** Whether changes are shown as they happen, or every few seconds. */
export function LiveIndicator() {
  const isLive = useIsLive();
  return (
    <span
      className={isLive ? styles.live : styles.polling}
      title={isLive ? 'Changes are shown as they happen.' : 'Changes are shown every few seconds.'}
    >
      <span className={styles.dot} aria-hidden="true" />
      {isLive ? 'Live' : 'Polling'}
    </span>
  );
}
