import type { ReactNode } from 'react';
import { useParams } from 'react-router';

import type { Execution } from '../api/execution.ts';
import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { StaleNotice } from '../components/stale-notice.tsx';
import { ExecutionBadge } from '../components/status-badge.tsx';
import { useJob } from '../job/use-job.ts';
import { useMay } from '../session/identity.ts';
import { CancelExecution } from './cancel-execution.tsx';
import { ExecutionFacts } from './execution-facts.tsx';
import styles from './execution-page.module.css';
import { isOpen } from './is-open.ts';
import { PhasePanel } from './phase-panel.tsx';
import { SiblingLinks } from './sibling-links.tsx';
import { useExecution } from './use-execution.ts';
import { WaterfallView } from './waterfall-view.tsx';

/** An execution: its phases on one time axis, attempts, requests and responses; followed while it is under way. */
export function ExecutionPage() {
  const { id = '' } = useParams();
  const { data: execution, error, dataUpdatedAt, refetch } = useExecution(id);
  const retry = () => void refetch();
  if (execution !== undefined) {
    return (
      <ShownExecution execution={execution}>
        {error !== null && <StaleNotice error={error} readAt={dataUpdatedAt} onRetry={retry} />}
      </ShownExecution>
    );
  }
  return (
    <>
      <PageHeader title="Execution" parent={{ to: '/jobs', label: 'Jobs' }} />
      {error === null ? <LoadingState rows={12} /> : <ErrorState error={error} onRetry={retry} />}
    </>
  );
}

/** The children stand below the head of the page. */
function ShownExecution({ execution, children }: { execution: Execution; children: ReactNode }) {
  const { data: job } = useJob(execution.job_id);
  const mayCancel = useMay('write') && isOpen(execution.status);
  return (
    <>
      <PageHeader
        title="Execution"
        tab={job === undefined ? undefined : `Execution of ${job.value.name}`}
        parent={{ to: `/jobs/${execution.job_id}`, label: job?.value.name ?? 'Job' }}
        beside={
          <span role="status">
            <ExecutionBadge status={execution.status} />
          </span>
        }
        actions={
          <>
            {mayCancel && <CancelExecution execution={execution} />}
            <SiblingLinks execution={execution} />
          </>
        }
      />
      {children}
      <div className={styles.page}>
        {execution.reason !== null && (
          <Notice tone={isFault(execution) ? 'danger' : 'plain'}>{execution.reason}</Notice>
        )}
        <ExecutionFacts execution={execution} />
        <Panel title="Where the time went">
          <WaterfallView execution={execution} />
        </Panel>
        <div className={styles.phases}>
          <PhasePanel title="Check" execution={execution} phase="check" />
          <PhasePanel title="Perform" execution={execution} phase="perform" />
        </div>
      </div>
    </>
  );
}

function isFault({ status }: Execution): boolean {
  return status === 'failed' || status === 'timed_out';
}
