import { classNames } from '../components/class-names.ts';
import { VisuallyHidden } from '../components/visually-hidden.tsx';
import type { SortOrder } from '../api/search.ts';
import { SortIcon } from '../components/sort-icon.tsx';
import { FUNCTION_COLUMNS } from './function-columns.ts';
import type { FunctionDialog } from './function-dialog.ts';
import type { FunctionOrder, FunctionRow, FunctionSort } from './function-row.ts';
import { FunctionTableRow } from './function-table-row.tsx';
import styles from './function-table.module.css';

interface FunctionTableProps {
  rows: readonly FunctionRow[];
  order: FunctionOrder;
  onOrderChange: (order: FunctionOrder) => void;
  onAsk: (dialog: FunctionDialog) => void;
}

/** Functions and how they did in the last hour, each column being a way to sort them. */
export function FunctionTable({ rows, order, onOrderChange, onAsk }: FunctionTableProps) {
  return (
    <table className={styles.table} aria-label="Functions">
      <thead>
        <tr>
          {FUNCTION_COLUMNS.map(({ by, label, isNumber = false }) => (
            <th
              key={by}
              scope="col"
              className={classNames(isNumber && styles.number)}
              aria-sort={ARIA_SORTS[orderOf(order, by) ?? 'none']}
            >
              <button
                type="button"
                className={styles.sort}
                onClick={() => onOrderChange(nextOrder(order, by))}
              >
                {label}
                <SortIcon order={orderOf(order, by)} />
              </button>
            </th>
          ))}
          <th scope="col" className={styles.menu}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <FunctionTableRow key={row.id} row={row} onAsk={onAsk} />
        ))}
      </tbody>
    </table>
  );
}

const ARIA_SORTS = { asc: 'ascending', desc: 'descending', none: 'none' } as const;

/** How the rows are sorted by a column; undefined if they are not. */
function orderOf({ by, order }: FunctionOrder, column: FunctionSort): SortOrder | undefined {
  return by === column ? order : undefined;
}

/** The other way round, or a column's usual way: names from A on, and the worst values first. */
function nextOrder({ by, order }: FunctionOrder, column: FunctionSort): FunctionOrder {
  const usual = column === 'name' ? 'asc' : 'desc';
  const reversed = order === 'asc' ? 'desc' : 'asc';
  return { by: column, order: by === column ? reversed : usual };
}
