import { lazy, Suspense } from 'react';

import type { RecentExecution } from '../api/execution.ts';
import { durationText } from '../components/duration-text.ts';
import { Fact } from '../components/facts.tsx';
import { Panel } from '../components/panel.tsx';
import { percentText } from '../components/percent-text.ts';
import { Nothing } from '../components/time.tsx';
import { figuresOf, type Percentiles } from './figures.ts';
import styles from './recent-panel.module.css';
import { useJobRecents } from './use-job-recents.ts';

const DurationChart = lazy(async () => ({ default: (await import('./duration-chart.tsx')).DurationChart }));

/** The figures of a job's last executions, and how long each took and how late it began. */
export function RecentPanel({ jobId }: { jobId: string }) {
  const { data: executions } = useJobRecents(jobId);
  const count = executions?.length ?? 0;
  // What was skipped has no duration.
  const drawn = executions?.filter(({ duration_ms: duration }) => duration !== null);
  return (
    <Panel title={count > 1 ? `Last ${count} executions` : 'Last executions'}>
      <FigureFacts executions={executions ?? []} />
      <div className={styles.chart}>
        <Suspense>{drawn !== undefined && drawn.length > 1 && <DurationChart executions={drawn} />}</Suspense>
        {drawn !== undefined && drawn.length < 2 && (
          <p className={styles.empty}>After two executions their durations are drawn here.</p>
        )}
      </div>
    </Panel>
  );
}

function FigureFacts({ executions }: { executions: readonly RecentExecution[] }) {
  const { successShare, declinedShare, duration, lag } = figuresOf(executions);
  return (
    <dl className={styles.facts}>
      <Fact label="Succeeded">
        <Share share={successShare} of="of performed" />
      </Fact>
      <Fact label="Declined">
        <Share share={declinedShare} of="of asked" />
      </Fact>
      <Fact label="Duration, p50 / p95">
        <Percentile of={duration} />
      </Fact>
      <Fact label="Lag, p50 / p95">
        <Percentile of={lag} />
      </Fact>
    </dl>
  );
}

function Share({ share, of }: { share: number | null; of: string }) {
  if (share === null) return <Nothing />;
  return (
    <>
      <span className={styles.figure}>{percentText(share)}</span> <span className={styles.of}>{of}</span>
    </>
  );
}

function Percentile({ of }: { of: Percentiles | null }) {
  if (of === null) return <Nothing />;
  return (
    <span className={styles.figure}>
      {durationText(of.p50)} <span className={styles.of}>/</span> {durationText(of.p95)}
    </span>
  );
}
