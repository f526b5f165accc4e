import { memo, type MouseEvent } from 'react';

import type { Job } from '../api/job.ts';
import { classNames } from '../components/class-names.ts';
import { JobCheckbox } from './job-checkbox.tsx';
import type { JobColumn } from './job-columns.tsx';
import styles from './jobs-table.module.css';

interface JobRowProps {
  job: Job;
  row: number;
  /** In px, from the top of the first row. */
  top: number;
  height: number;
  columns: readonly JobColumn[];
  /** Of the widths of the columns. */
  template: string;
  isSelected: boolean;
  /** Whether it is the one that the tab key leads to, and its controls after it. */
  isActive: boolean;
  onOpen: (id: string) => void;
  onActivate: (id: string) => void;
  onToggle: (id: string) => void;
  onExtend: (id: string) => void;
}

/** A row of the table of jobs. A click opens the job, one with shift selects up to here. */
export const JobRow = memo(function JobRow(props: JobRowProps) {
  const { job, row, top, height, columns, template, isSelected, isActive, onOpen, onActivate } = props;
  const onClick = (event: MouseEvent) => {
    if (isOfControl(event)) return;
    if (event.shiftKey) props.onExtend(job.id);
    else onOpen(job.id);
  };
  return (
    // The keyboard is the grid's, which has all rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      className={classNames(styles.row, isSelected && styles.selected)}
      style={{ height, gridTemplateColumns: template, transform: `translateY(${top}px)` }}
      data-row={row}
      data-key={job.id}
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      onClick={onClick}
      onFocus={() => onActivate(job.id)}
    >
      {columns.map(({ id, isRowHeader = false, isAtEnd = false, cell }, column) => (
        <div
          key={id}
          role={isRowHeader ? 'rowheader' : 'gridcell'}
          aria-colindex={column + 1}
          className={classNames(styles.cell, isAtEnd && styles.end)}
        >
          {id === 'select' ? (
            <JobCheckbox
              label={`Select ${job.name}`}
              isSelected={isSelected}
              isActive={isActive}
              onChange={(isRange) => (isRange ? props.onExtend(job.id) : props.onToggle(job.id))}
            />
          ) : (
            cell(job, isActive)
          )}
        </div>
      ))}
    </div>
  );
});

/** Whether a click was on something that does something by itself. */
function isOfControl({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest('a, button, label') !== null;
}
