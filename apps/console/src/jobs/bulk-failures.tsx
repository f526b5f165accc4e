import { ApiError } from '../api/api-error.ts';
import { Button } from '../components/button.tsx';
import styles from './bulk-failures.module.css';
import { failedMessage } from './bulk-message.ts';
import type { Bulk } from './use-bulk.ts';

/** Which jobs could not be changed, and why, each for itself. */
export function BulkFailures({ bulk: { failures, start, dismiss } }: { bulk: Bulk }) {
  if (failures === null) return null;
  const { kind, failed, total } = failures;
  const title = failedMessage(kind, failed.length, total);
  return (
    <section className={styles.failures} role="alert" aria-label={title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <Button
          onPress={() =>
            start(
              kind,
              failed.map(({ item }) => item),
            )
          }
        >
          Try again
        </Button>
        <Button variant="quiet" onPress={dismiss}>
          Dismiss
        </Button>
      </div>
      {/* Reachable by the keyboard, which scrolls it. */}
      <div className={styles.list} tabIndex={0} role="region" aria-label="Why">
        <dl className={styles.reasons}>
          {failed.map(({ item: { job }, error }) => (
            <div key={job.id} className={styles.reason}>
              <dt className={styles.name}>{job.name}</dt>
              <dd className={styles.why}>
                {error.message}
                {error instanceof ApiError && error.requestId !== null && (
                  <span className={styles.request}> Request {error.requestId}</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
