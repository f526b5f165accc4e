import type { ReactNode } from 'react';

import { Duration } from '../components/duration.tsx';
import { ExecutionBadge } from '../components/status-badge.tsx';
import { Nothing, Time } from '../components/time.tsx';
import { triggerText } from '../executions/trigger-text.ts';
import styles from './execution-table.module.css';
import type { ExecutionRow } from './execution-row.ts';

export interface ExecutionColumn {
  id: string;
  label: string;
  /** In px; a share of what is left is in fr. */
  width: number | `${number}fr`;
  /** In px. */
  minWidth: number;
  isNumber?: boolean;
  /** Left out where there is no room. */
  isForWide?: boolean;
  cell: (row: ExecutionRow) => ReactNode;
}

export const EXECUTION_COLUMNS: readonly ExecutionColumn[] = [
  {
    id: 'status',
    label: 'Outcome',
    width: 120,
    minWidth: 120,
    cell: ({ status }) => <ExecutionBadge status={status} />,
  },
  {
    id: 'at',
    label: 'Scheduled for',
    width: '1fr',
    minWidth: 140,
    cell: ({ scheduledFor }) => <Time at={scheduledFor} />,
  },
  {
    id: 'duration',
    label: 'Took',
    width: 68,
    minWidth: 68,
    isNumber: true,
    cell: (row) => <Duration ms={row.durationMs} />,
  },
  {
    id: 'lag',
    label: 'Lag',
    width: 68,
    minWidth: 68,
    isNumber: true,
    isForWide: true,
    cell: (row) => <Duration ms={row.lagMs} />,
  },
  {
    id: 'attempts',
    label: 'Attempts',
    width: 76,
    minWidth: 76,
    isNumber: true,
    isForWide: true,
    cell: ({ attempts }) => attempts,
  },
  {
    id: 'note',
    label: 'Note',
    width: '2fr',
    minWidth: 80,
    isForWide: true,
    cell: (row) => <Note row={row} />,
  },
];

/** Why it ended as it did, or how it has come about if not by its schedule. */
function Note({ row: { reason, trigger } }: { row: ExecutionRow }) {
  const text = reason ?? (trigger === 'schedule' ? null : triggerText(trigger));
  if (text === null) return <Nothing />;
  return (
    <span className={styles.note} title={text}>
      {text}
    </span>
  );
}
