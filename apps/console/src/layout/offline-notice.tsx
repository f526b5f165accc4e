import { useConnection } from '../live/live-context.ts';
import styles from './offline-notice.module.css';

/** Above every page while the service can't be reached. It goes by itself. */
export function OfflineNotice() {
  const isOffline = useConnection() === 'offline';
  return (
    <div role="status">
      {isOffline && (
        <p className={styles.notice}>
          The service cannot be reached. What you see is what was read last; it is tried again every few
          seconds.
        </p>
      )}
    </div>
  );
}
