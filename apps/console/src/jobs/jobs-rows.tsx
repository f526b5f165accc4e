import type { VirtualItem } from '@tanstack/react-virtual';
import { useState } from 'react';

import type { Job } from '../api/job.ts';
import { useDebounced } from '../components/use-debounced.ts';
import type { JobColumn } from './job-columns.tsx';
import { JobMenu, type OpenMenu } from './job-menu.tsx';
import { JobRow } from './job-row.tsx';
import { JobsContext } from './jobs-context.ts';
import styles from './jobs-table.module.css';
import type { Bulk } from './use-bulk.ts';
import { MOST_IDS, useRenewedJobs } from './use-renewed-jobs.ts';
import { useRowContext } from './use-row-context.ts';
import type { JobSelection } from './use-selection.ts';

interface JobsRowsProps {
  jobs: readonly Job[];
  /** Of the rows that are drawn. */
  items: readonly VirtualItem[];
  /** The jobs of the rows in view. */
  shown: readonly Job[];
  /** Of all rows, in px. */
  height: number;
  columns: readonly JobColumn[];
  template: string;
  selection: JobSelection;
  activeRow: number;
  onOpen: (id: string) => void;
  onActivate: (id: string) => void;
  start: Bulk['start'];
  /** The list is too long to be read again as a whole. */
  isLong: boolean;
}

/** Rows that fly past are not asked for. */
const SETTLED_MS = 120;

/** The rows that are drawn, with what is read for those in view, and the menu of one of them. */
export function JobsRows(props: JobsRowsProps) {
  const { jobs, items, shown, height, columns, template, selection, activeRow } = props;
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const ids = useDebounced(idsOf(shown.slice(0, MOST_IDS)), SETTLED_MS);
  useRenewedJobs(ids, props.isLong);
  return (
    <JobsContext value={useRowContext(ids, setMenu)}>
      <div role="rowgroup" className={styles.body} style={{ height }}>
        {items.map(({ index, start, size }) => {
          const job = jobs[index];
          return (
            job && (
              <JobRow
                key={job.id}
                job={job}
                row={index}
                top={start}
                height={size}
                columns={columns}
                template={template}
                isSelected={selection.ids.has(job.id)}
                isActive={index === activeRow}
                onOpen={props.onOpen}
                onActivate={props.onActivate}
                onToggle={selection.toggle}
                onExtend={selection.extendTo}
              />
            )
          );
        })}
      </div>
      {menu !== null && <JobMenu menu={menu} start={props.start} onClose={() => setMenu(null)} />}
    </JobsContext>
  );
}

function idsOf(jobs: readonly Job[]): string {
  return jobs.map(({ id }) => id).join(',');
}
