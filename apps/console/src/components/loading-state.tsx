import { useEffect, useState } from 'react';

import styles from './loading-state.module.css';
import { VisuallyHidden } from './visually-hidden.tsx';

interface LoadingStateProps {
  /** For screen readers. */
  label?: string;
  /** How many lines of what is to come are hinted at. */
  rows?: number;
}

/** What is seen while something is read: shapes of what is to come, and nothing at all if it comes at once. */
export function LoadingState({ label = 'Loading', rows = 8 }: LoadingStateProps) {
  const isSlow = useDelay(200);
  return (
    <div className={styles.state} role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {isSlow &&
        Array.from({ length: rows }, (_, row) => <div key={row} className={styles.row} aria-hidden="true" />)}
    </div>
  );
}

function useDelay(ms: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isOver;
}
