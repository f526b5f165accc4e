import { ApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import styles from './stale-notice.module.css';
import { Time } from './time.tsx';

interface StaleNoticeProps {
  /** Why it could not be read again. */
  error: Error;
  /** When it was read last, in milliseconds since 1970. */
  readAt: number;
  onRetry: () => void;
}

/** Above what is shown although it could not be read again. */
export function StaleNotice({ error, readAt, onRetry }: StaleNoticeProps) {
  // That there is no connection at all is told above every page.
  if (error instanceof ApiError && error.code === 'UNREACHABLE') return null;
  return (
    <div className={styles.notice} role="status">
      <span>
        As of <Time at={new Date(readAt).toISOString()} />: {error.message}
      </span>
      <Button variant="quiet" onPress={onRetry}>
        Try again
      </Button>
    </div>
  );
}
