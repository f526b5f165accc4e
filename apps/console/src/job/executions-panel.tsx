import { useSearchParams } from 'react-router';

import type { ExecutionStatus } from '../api/execution.ts';
import { Button } from '../components/button.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { Panel } from '../components/panel.tsx';
import { type Choice, SelectField } from '../components/select-field.tsx';
import { ExecutionTable } from './execution-table.tsx';
import styles from './executions-panel.module.css';
import { type ExecutionPages, useExecutionPages } from './use-execution-pages.ts';
import { useJobRecents } from './use-job-recents.ts';

const STATUSES: readonly Choice<ExecutionStatus | ''>[] = [
  { value: '', label: 'All outcomes' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'declined', label: 'Declined' },
  { value: 'failed', label: 'Failed' },
  { value: 'timed_out', label: 'Timed out' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'skipped', label: 'Skipped' },
  { value: 'pending', label: 'Pending' },
  { value: 'checking', label: 'Checking' },
  { value: 'performing', label: 'Performing' },
];

/** All executions of a job that the history has, those of one outcome if asked for in the address. */
export function ExecutionsPanel({ jobId }: { jobId: string }) {
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('status');
  const status = STATUSES.find(({ value }) => value === chosen)?.value ?? '';
  const { data: recents = [] } = useJobRecents(jobId);
  const pages = useExecutionPages(jobId, status, recents);
  return (
    <Panel
      title="Executions"
      actions={
        <div className={styles.filter}>
          <SelectField
            label="Outcome"
            isLabelHidden
            choices={STATUSES}
            value={status}
            onChange={(value) => setSearch(value === '' ? {} : { status: value }, { replace: true })}
          />
        </div>
      }
    >
      <Executions pages={pages} isFiltered={status !== ''} />
    </Panel>
  );
}

function Executions({ pages, isFiltered }: { pages: ExecutionPages; isFiltered: boolean }) {
  const { rows, error, newer, readNewest } = pages;
  if (rows === undefined) {
    return error === null ? <LoadingState rows={10} /> : <ErrorState error={error} onRetry={readNewest} />;
  }
  if (rows.length === 0) {
    return <p className={styles.empty}>{isFiltered ? 'None has this outcome.' : 'It has not run yet.'}</p>;
  }
  return (
    <div className={styles.list}>
      {newer > 0 && (
        <div className={styles.newer} role="status">
          <Button onPress={readNewest}>{newer === 1 ? 'Show 1 newer' : `Show ${newer} newer`}</Button>
        </div>
      )}
      <ExecutionTable rows={rows} isReadingMore={pages.isReadingMore} onMore={pages.readMore} />
    </div>
  );
}
