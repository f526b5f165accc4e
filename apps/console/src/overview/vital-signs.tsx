import type { ReactNode } from 'react';

import type { Overview } from '../api/overview.ts';
import { durationText } from '../components/duration-text.ts';
import { Nothing } from '../components/time.tsx';
import { percentText } from '../components/percent-text.ts';
import {
  backlogOf,
  failedOf,
  failingShare,
  finishedOf,
  type OverviewHistory,
  type Sample,
  waitingTasks,
} from './overview-history.ts';
import { Sparkline } from './sparkline.tsx';
import styles from './vital-signs.module.css';

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** The four numbers that say how the service does, each with how it has been. */
export function VitalSigns({ latest, samples }: OverviewHistory) {
  const share = failingShare(latest);
  const lag = latest.dispatch_lag_ms;
  const pointsOf = (valueOf: (sample: Sample) => number | null) =>
    samples.map((sample) => ({ at: sample.at, value: valueOf(sample) }));
  return (
    <dl className={styles.signs}>
      <Sign
        name="Throughput"
        value={`${NUMBER.format(latest.last_minute.per_second)} / s`}
        detail="executions in the last minute"
        chart={<Sparkline points={pointsOf(({ perSecond }) => perSecond)} />}
      />
      <Sign
        name="Failing"
        value={share === null ? <Nothing /> : percentText(share)}
        detail={`${NUMBER.format(failedOf(latest))} of ${NUMBER.format(finishedOf(latest))} finished in 5 minutes`}
        chart={<Sparkline points={pointsOf(({ failingShare: failing }) => failing)} />}
      />
      <Sign
        name="Dispatch lag, p99"
        value={lag === null ? <Nothing /> : durationText(lag.p99)}
        detail={lag === null ? 'nothing dispatched in 5 minutes' : `half within ${durationText(lag.p50)}`}
        chart={<Sparkline points={pointsOf(({ lagMs }) => lagMs)} />}
      />
      <Sign
        name="Backlog"
        value={NUMBER.format(backlogOf(latest))}
        detail={backlogText(latest)}
        chart={<Sparkline points={pointsOf(({ backlog }) => backlog)} />}
      />
    </dl>
  );
}

interface SignProps {
  name: string;
  value: ReactNode;
  detail: string;
  chart: ReactNode;
}

function Sign({ name, value, detail, chart }: SignProps) {
  return (
    <div className={styles.sign}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{value}</dd>
      <dd className={styles.detail}>{detail}</dd>
      <dd className={styles.chart}>{chart}</dd>
    </div>
  );
}

function backlogText({ backlog }: Overview): string {
  const due = `${NUMBER.format(backlog.due_jobs)} due`;
  const oldest =
    backlog.due_jobs === 0 ? '' : `, the oldest for ${durationText(1_000 * backlog.oldest_due_seconds)}`;
  return `${due}${oldest}; ${NUMBER.format(waitingTasks(backlog.tasks))} waiting for a worker`;
}
