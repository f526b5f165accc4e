import { ErrorState } from '../components/error-state.tsx';
import { LoadingState } from '../components/loading-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { StaleNotice } from '../components/stale-notice.tsx';
import { Time } from '../components/time.tsx';
import { FailingFunctionsPanel } from './failing-functions-panel.tsx';
import { OutcomesPanel } from './outcomes-panel.tsx';
import type { OverviewHistory } from './overview-history.ts';
import styles from './overview-page.module.css';
import { PausedJobsPanel } from './paused-jobs-panel.tsx';
import { ProblemList } from './problem-list.tsx';
import { ReplicasPanel } from './replicas-panel.tsx';
import { useOverview } from './use-overview.ts';
import { VitalSigns } from './vital-signs.tsx';

/** How the whole service does, for operators: first what is wrong, then the numbers, then who and what. */
export function OverviewPage() {
  const { data: history, error, refetch, dataUpdatedAt } = useOverview();
  const retry = () => void refetch();
  if (history === undefined) {
    return (
      <>
        <PageHeader title="Overview" description="The whole service" />
        {error === null ? <LoadingState rows={12} /> : <ErrorState error={error} onRetry={retry} />}
      </>
    );
  }
  return (
    <>
      <PageHeader title="Overview" description={<AsOf at={history.latest.at} />} />
      {error !== null && <StaleNotice error={error} readAt={dataUpdatedAt} onRetry={retry} />}
      <Parts history={history} />
    </>
  );
}

function AsOf({ at }: { at: string }) {
  return (
    <>
      The whole service, as of <Time at={at} />
    </>
  );
}

function Parts({ history }: { history: OverviewHistory }) {
  const { latest } = history;
  return (
    <div className={styles.parts}>
      <ProblemList problems={latest.problems} />
      <VitalSigns {...history} />
      <div className={styles.pair}>
        <FailingFunctionsPanel failing={latest.failing_functions} />
        <PausedJobsPanel paused={latest.paused_jobs} />
      </div>
      <div className={styles.pair}>
        <OutcomesPanel overview={latest} />
        <ReplicasPanel replicas={latest.replicas} />
      </div>
    </div>
  );
}
