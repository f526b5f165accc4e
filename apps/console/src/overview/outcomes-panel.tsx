import type { OutcomeCounts, Overview } from '../api/overview.ts';
import { lookOf, type Outcome, OUTCOMES } from '../components/outcome.ts';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { Panel } from '../components/panel.tsx';
import { NumberCell, PlainTable } from '../components/plain-table.tsx';
import styles from './outcomes-panel.module.css';

const COLUMNS = [
  { label: 'Outcome' },
  { label: 'Last minute', isNumber: true },
  { label: '5 minutes', isNumber: true },
  { label: 'Share' },
];

/** What became of the executions of the last minutes. */
export function OutcomesPanel({ overview }: { overview: Overview }) {
  const { last_minute: minute, last_5_minutes: recent } = overview;
  const total = OUTCOMES.reduce((sum, outcome) => sum + countOf(recent, outcome), 0);
  return (
    <Panel title="Outcomes">
      <PlainTable label="Executions by outcome" columns={COLUMNS}>
        {OUTCOMES.filter((outcome) => outcome !== 'missed').map((outcome) => (
          <tr key={outcome}>
            <td>
              <span className={styles.outcome}>
                <OutcomeMark outcome={outcome} />
                {lookOf(outcome).label}
              </span>
            </td>
            <NumberCell>{countOf(minute, outcome).toLocaleString()}</NumberCell>
            <NumberCell>{countOf(recent, outcome).toLocaleString()}</NumberCell>
            <td className={styles.share}>
              <Bar outcome={outcome} share={countOf(recent, outcome) / Math.max(1, total)} />
            </td>
          </tr>
        ))}
      </PlainTable>
    </Panel>
  );
}

/** Missed occurrences are no executions. */
function countOf(counts: OutcomeCounts, outcome: Outcome): number {
  return outcome === 'missed' ? 0 : counts[outcome];
}

function Bar({ outcome, share }: { outcome: Outcome; share: number }) {
  return (
    <div
      className={styles.bar}
      style={{ inlineSize: `${100 * share}%`, background: lookOf(outcome).color }}
      aria-hidden="true"
    />
  );
}
