import styles from './waiting-badge.module.css';

/** How many executions wait because a function's circuit breaker is open. */
export function WaitingBadge({ count }: { count: number }) {
  return (
    <span className={styles.badge} title="Its circuit breaker is open: it is left alone for a while.">
      {count} waiting
    </span>
  );
}
