import type { ReactNode } from 'react';

import styles from './plain-table.module.css';

export interface Column {
  label: string;
  isNumber?: boolean;
}

interface PlainTableProps {
  /** What is listed. */
  label: string;
  columns: readonly Column[];
  /** Rows, as `tr`. */
  children: ReactNode;
}

/** A table of a few rows, which scrolls sideways by itself where there is no room for it. */
export function PlainTable({ label, columns, children }: PlainTableProps) {
  return (
    // Reachable by the keyboard, which scrolls it.
    <div className={styles.box} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={column.isNumber === true ? styles.number : ''}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A cell with a number, below the label of its column. */
export function NumberCell({ children }: { children: ReactNode }) {
  return <td className={styles.number}>{children}</td>;
}
