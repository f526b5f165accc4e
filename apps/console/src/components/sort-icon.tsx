import type { SortOrder } from '../api/search.ts';
import styles from './sort-icon.module.css';

/** Which way a column is sorted; faint, until hovered, if it isn't. The heading's aria-sort says the same. */
export function SortIcon({ order }: { order: SortOrder | undefined }) {
  return (
    <svg
      className={order === undefined ? styles.faint : styles.icon}
      width="8"
      height="12"
      viewBox="0 0 8 12"
      aria-hidden="true"
    >
      <path d={order === 'desc' ? 'M1 5h6L4 9z' : 'M1 7h6L4 3z'} fill="currentcolor" />
    </svg>
  );
}
