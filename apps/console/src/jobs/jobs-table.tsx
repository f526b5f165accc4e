import { memo, useCallback, useRef } from 'react';
import { useNavigate } from 'react-router';

import type { Job } from '../api/job.ts';
import { classNames } from '../components/class-names.ts';
import type { JobColumn } from './job-columns.tsx';
import { JobsHead } from './jobs-head.tsx';
import { JobsRows } from './jobs-rows.tsx';
import type { JobsView } from './jobs-view.ts';
import styles from './jobs-table.module.css';
import type { Bulk } from './use-bulk.ts';
import { useGridKeys } from './use-grid-keys.ts';
import { useKeptScroll } from './use-kept-scroll.ts';
import type { JobSelection } from './use-selection.ts';
import { useVisibleRows } from './use-visible-rows.ts';

interface JobsTableProps {
  jobs: readonly Job[];
  columns: readonly JobColumn[];
  rowHeight: number;
  view: JobsView;
  onView: (change: Partial<JobsView>) => void;
  selection: JobSelection;
  start: Bulk['start'];
  /** Reads the next page; undefined after the last one. */
  onMore: (() => void) | undefined;
  /** Shows what was asked for before. */
  isPast: boolean;
  /** The list is too long to be read again as a whole. */
  isLong: boolean;
}

/** Jobs in rows, of which those in view are drawn. A row leads to its job; boxes, shift and the keyboard select. */
export const JobsTable = memo(function JobsTable(props: JobsTableProps) {
  const { jobs, columns, rowHeight, view, onView, selection, start, onMore, isPast, isLong } = props;
  const grid = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const onOpen = useCallback((id: string) => void navigate(`/jobs/${id}`), [navigate]);
  const isSelectable = columns.some(({ id }) => id === 'select');
  const { activeRow, onKeyDown, onActivate } = useGridKeys({
    jobs,
    grid,
    pageSize: Math.floor((grid.current?.clientHeight ?? 0) / rowHeight),
    selection: isSelectable ? selection : null,
    onOpen,
  });
  const { keptTop, onScroll } = useKeptScroll();
  const { rows, shown } = useVisibleRows({ jobs, rowHeight, grid, keptTop, activeRow, onMore });
  const template = columns.map(({ width }) => width).join(' ');
  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Jobs"
      aria-rowcount={onMore === undefined ? jobs.length + 1 : -1}
      aria-colcount={columns.length}
      aria-multiselectable={isSelectable}
      aria-busy={isPast}
      tabIndex={-1}
      className={classNames(styles.table, isPast && styles.past, selection.ids.size > 0 && styles.covered)}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
    >
      <JobsHead
        columns={columns}
        template={template}
        count={jobs.length}
        view={view}
        onView={onView}
        selection={selection}
      />
      <JobsRows
        jobs={jobs}
        items={rows.getVirtualItems()}
        shown={shown}
        height={rows.getTotalSize()}
        columns={columns}
        template={template}
        selection={selection}
        activeRow={activeRow}
        onOpen={onOpen}
        onActivate={onActivate}
        start={start}
        isLong={isLong}
      />
    </div>
  );
});
