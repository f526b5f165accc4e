import type { RecentExecution } from '../api/execution.ts';
import { lookOf, type Outcome, outcomeOf, summary } from './outcome.ts';
import { bothTimesText } from './time-text.ts';

const MARK_WIDTH = 8;

interface OutcomeStripProps {
  /** Newest first, as the api answers them; the newest is shown on the right. */
  executions: readonly Pick<RecentExecution, 'id' | 'status' | 'scheduled_for'>[];
  /** How many marks there is room for. */
  length?: number;
}

/** The outcomes of a job's last executions, a mark each, on one line and in one image: a table has thousands of them. */
export function OutcomeStrip({ executions, length = 20 }: OutcomeStripProps) {
  const shown = executions.slice(0, length).toReversed();
  const outcomes = shown.map(({ status }) => outcomeOf(status));
  const width = length * MARK_WIDTH;
  const label = shown.length === 0 ? 'No executions yet' : `Last ${shown.length}: ${summary(outcomes)}`;
  return (
    <svg width={width} height="16" viewBox={`0 0 ${width} 16`} role="img" aria-label={label}>
      {shown.map((execution, place) => (
        <Mark
          key={execution.id}
          outcome={outcomeOf(execution.status)}
          scheduledFor={execution.scheduled_for}
          x={(length - shown.length + place) * MARK_WIDTH}
        />
      ))}
    </svg>
  );
}

function Mark({ outcome, scheduledFor, x }: { outcome: Outcome; scheduledFor: string; x: number }) {
  const { color, path, label } = lookOf(outcome);
  return (
    <path d={path} fill={color} fillRule="evenodd" transform={`translate(${x} 0)`}>
      <title>{`${label}, ${bothTimesText(new Date(scheduledFor))}`}</title>
    </path>
  );
}
