import type { SortOrder } from '../api/search.ts';
import { classNames } from '../components/class-names.ts';
import { SortIcon } from '../components/sort-icon.tsx';
import { VisuallyHidden } from '../components/visually-hidden.tsx';
import { JobCheckbox } from './job-checkbox.tsx';
import type { JobColumn } from './job-columns.tsx';
import { JOB_SORTS, type JobSort, type JobsView } from './jobs-view.ts';
import styles from './jobs-table.module.css';
import type { JobSelection } from './use-selection.ts';

interface JobsHeadProps {
  columns: readonly JobColumn[];
  /** Of the widths of the columns. */
  template: string;
  /** Of all jobs that have been read. */
  count: number;
  view: JobsView;
  onView: (change: Partial<JobsView>) => void;
  selection: JobSelection;
}

/** The headings of the table of jobs. Those that are buttons sort it. */
export function JobsHead({ columns, template, count, view, onView, selection }: JobsHeadProps) {
  const chosen = selection.ids.size;
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.headings} style={{ gridTemplateColumns: template }}>
        {columns.map((column, place) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={place + 1}
            aria-sort={ariaSort(column, view)}
            className={classNames(styles.heading, column.isAtEnd === true && styles.end)}
          >
            {column.id === 'select' ? (
              <JobCheckbox
                label="Select all"
                isSelected={chosen > 0 && chosen === count}
                isIndeterminate={chosen > 0 && chosen < count}
                isActive
                onChange={selection.toggleAll}
              />
            ) : (
              <Heading column={column} view={view} onView={onView} />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function Heading({ column, view, onView }: { column: JobColumn } & Pick<JobsHeadProps, 'view' | 'onView'>) {
  const sort = sortOf(column);
  if (column.id === 'menu') return <VisuallyHidden>{column.label}</VisuallyHidden>;
  if (sort === undefined) return column.label;
  const order = view.sort === sort ? view.order : undefined;
  return (
    <button
      type="button"
      className={styles.sort}
      onClick={() => onView({ sort, order: order === 'asc' ? 'desc' : 'asc' })}
    >
      {column.label}
      <SortIcon order={order} />
    </button>
  );
}

function sortOf({ id, isSortable = false }: JobColumn): JobSort | undefined {
  return isSortable ? JOB_SORTS.find((sort) => sort === id) : undefined;
}

const ARIA_SORTS: Record<SortOrder, 'ascending' | 'descending'> = { asc: 'ascending', desc: 'descending' };

function ariaSort({ id }: JobColumn, { sort, order }: JobsView) {
  return id === sort ? ARIA_SORTS[order] : undefined;
}
