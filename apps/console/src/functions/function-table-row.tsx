import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';

import { ActionMenu } from '../components/action-menu.tsx';
import { Ago } from '../components/ago.tsx';
import { classNames } from '../components/class-names.ts';
import { Duration } from '../components/duration.tsx';
import { Nothing } from '../components/time.tsx';
import { useMay } from '../session/identity.ts';
import { FUNCTION_COLUMNS } from './function-columns.ts';
import type { FunctionDialog } from './function-dialog.ts';
import { functionPath } from './function-path.ts';
import { type FunctionRow, type FunctionSort, titleOf } from './function-row.ts';
import styles from './function-table.module.css';
import { ShareBar } from './share-bar.tsx';
import { TEST_HASH } from './test-panel.tsx';
import { WaitingBadge } from './waiting-badge.tsx';

interface FunctionTableRowProps {
  row: FunctionRow;
  onAsk: (dialog: FunctionDialog) => void;
}

/** A function and how it does, with what can be done with it. */
export function FunctionTableRow({ row, onAsk }: FunctionTableRowProps) {
  return (
    <tr>
      {FUNCTION_COLUMNS.map(({ by, label, isNumber = false }) =>
        by === 'name' ? (
          <th key={by} scope="row" className={styles.name}>
            <Link to={functionPath(row.id)}>{titleOf(row)}</Link>
            {row.fn !== null && <div className={styles.url}>{row.fn.url}</div>}
          </th>
        ) : (
          <td key={by} data-label={label} className={classNames(isNumber && styles.number, styles[by])}>
            {valueOf(row, by)}
          </td>
        ),
      )}
      <td className={styles.menu}>
        <RowMenu row={row} onAsk={onAsk} />
      </td>
    </tr>
  );
}

function valueOf({ health }: FunctionRow, by: Exclude<FunctionSort, 'name'>): ReactNode {
  if (health === null) return <Nothing />;
  switch (by) {
    case 'failing':
      return health.failing_share === null ? (
        <Nothing />
      ) : (
        <ShareBar share={health.failing_share} of={health.finished} />
      );
    case 'p50':
    case 'p95':
      return <Duration ms={health.duration_ms[by]} />;
    case 'waiting':
      return health.waiting === 0 ? <Nothing /> : <WaitingBadge count={health.waiting} />;
    case 'last_failure':
      return health.last_failure === null ? <Nothing /> : <LastFailure {...health.last_failure} />;
  }
}

function LastFailure({ at, reason }: { at: string; reason: string | null }) {
  return (
    <div className={styles.failure}>
      <Ago at={at} />
      <span className={styles.reason} title={reason ?? undefined}>
        {reason}
      </span>
    </div>
  );
}

function RowMenu({ row: { fn, id }, onAsk }: FunctionTableRowProps) {
  const navigate = useNavigate();
  if (!useMay('write') || fn === null) return null;
  return (
    <ActionMenu
      label={`Actions on ${fn.name}`}
      actions={[
        { label: 'Test call', onAction: () => void navigate(functionPath(id) + TEST_HASH) },
        { label: 'Edit', onAction: () => onAsk({ kind: 'edit', fn }) },
        { label: 'Rotate secret', onAction: () => onAsk({ kind: 'rotate', fn }) },
        { label: 'Delete', isDanger: true, onAction: () => onAsk({ kind: 'delete', fn }) },
      ]}
    />
  );
}
