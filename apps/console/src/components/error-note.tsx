import { ApiError } from '../api/api-error.ts';
import styles from './error-note.module.css';

/** Why something was refused, beside what was asked for: as the api words it, with the id of the request. */
export function ErrorNote({ error }: { error: Error }) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div className={styles.note} role="alert">
      {error.message}
      {requestId !== null && <div className={styles.request}>Request {requestId}</div>}
    </div>
  );
}
