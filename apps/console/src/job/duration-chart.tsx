import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

import type { RecentExecution } from '../api/execution.ts';
import { durationText } from '../components/duration-text.ts';
import { lookOf, outcomeOf } from '../components/outcome.ts';
import { bothTimesText } from '../components/time-text.ts';
import styles from './duration-chart.module.css';

interface Point {
  at: string;
  outcome: string;
  duration: number | null;
  lag: number | null;
}

const AXIS = { tickLine: false, axisLine: false, tick: { fill: 'var(--text-muted)', fontSize: 12 } } as const;
const SERIES = [
  { key: 'duration', label: 'Duration', color: 'var(--accent)', dash: '0' },
  { key: 'lag', label: 'Lag', color: 'var(--timed-out)', dash: '4 3' },
] as const;

/** How long executions took and how late they began, from the oldest to the newest. They are given the newest first. */
export function DurationChart({ executions }: { executions: readonly RecentExecution[] }) {
  const points = executions.toReversed().map(pointOf);
  return (
    <figure className={styles.figure} aria-label="Duration and lag of the last executions">
      <figcaption className={styles.legend}>
        {SERIES.map(({ key, label, color, dash }) => (
          <span key={key} className={styles.series}>
            <svg width="20" height="8" aria-hidden="true">
              <path d="M0 4h20" stroke={color} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {label}
          </span>
        ))}
      </figcaption>
      <div className={styles.chart}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart
            data={points}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--border)" />
            <XAxis {...AXIS} dataKey="at" tickFormatter={clockText} minTickGap={48} />
            <YAxis {...AXIS} width={64} tickFormatter={(ms: number) => durationText(ms)} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--border-strong)' }}
              content={<PointTooltip points={points} />}
            />
            {SERIES.map(({ key, color, dash }) => (
              <Line
                key={key}
                dataKey={key}
                stroke={color}
                strokeWidth={1.5}
                strokeDasharray={dash}
                dot={false}
                activeDot={{ r: 3 }}
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

function pointOf({ status, scheduled_for: at, duration_ms: duration, lag_ms: lag }: RecentExecution): Point {
  return { at, outcome: lookOf(outcomeOf(status)).label, duration, lag: lag && Math.max(0, lag) };
}

function clockText(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

interface PointTooltipProps {
  points: readonly Point[];
  /** Of what is pointed at: given by the chart. */
  label?: string | number;
}

function PointTooltip({ points, label }: PointTooltipProps) {
  const point = points.find(({ at }) => at === label);
  if (point === undefined) return null;
  const { at, outcome, duration, lag } = point;
  return (
    <div className={styles.tooltip}>
      <strong>{outcome}</strong>, {bothTimesText(new Date(at))}
      <br />
      {duration === null ? 'not finished' : `took ${durationText(duration)}`}
      {lag !== null && `, ${durationText(lag)} late`}
    </div>
  );
}
