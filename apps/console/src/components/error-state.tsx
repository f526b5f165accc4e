import { ApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import styles from './state.module.css';

interface ErrorStateProps {
  error: Error;
  /** Tries it once more; without it there is no button. */
  onRetry?: () => void;
}

const TITLES: Record<string, string> = {
  FORBIDDEN: 'Not yours to see',
  NOT_FOUND: 'Not found',
  UNREACHABLE: 'No connection',
};

/** Said in the place of what could not be read: what went wrong, and the id of the request for whoever looks into it. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { code, requestId } = error instanceof ApiError ? error : { code: '', requestId: null };
  return (
    <div className={styles.state} role="alert">
      <h2 className={styles.title}>{TITLES[code] ?? 'That did not work'}</h2>
      <div className={styles.text}>{error.message}</div>
      {requestId !== null && <div className={styles.request}>Request {requestId}</div>}
      {onRetry !== undefined && <Button onPress={onRetry}>Try again</Button>}
    </div>
  );
}
