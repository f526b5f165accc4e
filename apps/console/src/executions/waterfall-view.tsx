import type { Attempt, Execution } from '../api/execution.ts';
import { Duration } from '../components/duration.tsx';
import { durationText } from '../components/duration-text.ts';
import { useNow } from '../components/now.ts';
import { VisuallyHidden } from '../components/visually-hidden.tsx';
import { isOpen } from './is-open.ts';
import { lookOfPart, partsShown } from './part-look.ts';
import { placeOf, ticksOf } from './time-axis.ts';
import { type PhaseName, type Span, type Waterfall, type WaterfallRow, waterfallOf } from './waterfall.ts';
import styles from './waterfall-view.module.css';

/** Where the time of an execution went: both phases, attempt by attempt, on one axis. */
export function WaterfallView({ execution }: { execution: Execution }) {
  return isOpen(execution.status) ? (
    <MovingWaterfall execution={execution} />
  ) : (
    <WaterfallTable waterfall={waterfallOf(execution, 0)} />
  );
}

/** Goes on with the clock. */
function MovingWaterfall({ execution }: { execution: Execution }) {
  return <WaterfallTable waterfall={waterfallOf(execution, useNow())} />;
}

function WaterfallTable({ waterfall }: { waterfall: Waterfall }) {
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.step}>
              Step
            </th>
            <th scope="col" className={styles.track}>
              <VisuallyHidden>Time</VisuallyHidden>
              <Ticks waterfall={waterfall} />
            </th>
            <th scope="col" className={styles.took}>
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {waterfall.rows.map((row) => (
            <Row key={keyOf(row)} row={row} waterfall={waterfall} />
          ))}
        </tbody>
      </table>
      <Legend waterfall={waterfall} />
    </>
  );
}

function keyOf({ phase, number, attempt }: WaterfallRow): string {
  return `${phase ?? 'queue'} ${number} ${attempt === null ? 'under way' : 'recorded'}`;
}

function Ticks({ waterfall }: { waterfall: Waterfall }) {
  const length = waterfall.to - waterfall.from;
  return (
    <div className={styles.ticks} aria-hidden="true">
      {ticksOf(length).map((tick) => (
        <span
          key={tick}
          className={styles.tick}
          style={{ insetInlineStart: placeOf(tick, { from: 0, to: length }) }}
        >
          {durationText(tick)}
        </span>
      ))}
    </div>
  );
}

function Row({ row, waterfall }: { row: WaterfallRow; waterfall: Waterfall }) {
  const said = row.spans.map(spanText).join(', ');
  return (
    <tr>
      <th scope="row" className={styles.step}>
        {nameOf(row.phase)} <span className={styles.note}>{noteOf(row)}</span>
      </th>
      <td className={styles.track}>
        <div className={styles.bar} role="img" aria-label={said === '' ? 'no time' : said}>
          {row.spans.map((span) => (
            <Bar key={`${span.part} ${span.from}`} span={span} waterfall={waterfall} />
          ))}
        </div>
      </td>
      <td className={styles.took}>
        <Duration ms={tookMs(row)} />
      </td>
    </tr>
  );
}

function nameOf(phase: PhaseName | null): string {
  if (phase === null) return 'Queued';
  return phase === 'check' ? 'Check' : 'Perform';
}

function noteOf({ phase, attempt, number, spans }: WaterfallRow): string {
  if (phase === null) return '';
  const which = number > 1 ? `attempt ${number}, ` : '';
  return which + (attempt === null ? unrecordedText(spans) : resultText(attempt));
}

function unrecordedText([span]: readonly Span[]): string {
  if (span?.part === 'queue') return 'waiting';
  return span?.part === 'cut_off' ? 'cut off' : 'no answer yet';
}

function resultText({ http_status: httpStatus, status }: Attempt): string {
  if (status === 'timed_out') return 'timed out';
  return httpStatus === null ? 'no answer' : `HTTP ${httpStatus}`;
}

/** Of an attempt, the waiting before and after it left out. */
function tookMs({ attempt, spans }: WaterfallRow): number {
  if (attempt !== null) return Date.parse(attempt.completed_at) - Date.parse(attempt.started_at);
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

function Bar({ span, waterfall }: { span: Span; waterfall: Waterfall }) {
  const { className } = lookOfPart(span.part);
  const style = {
    insetInlineStart: placeOf(span.from, waterfall),
    width: placeOf(waterfall.from + span.to - span.from, waterfall),
  };
  return <span className={`${styles.span} ${styles[className]}`} style={style} title={spanText(span)} />;
}

function spanText({ part, from, to }: Span): string {
  return `${lookOfPart(part).label.toLowerCase()} ${durationText(to - from)}`;
}

function Legend({ waterfall }: { waterfall: Waterfall }) {
  return (
    <ul className={styles.legend} aria-hidden="true">
      {partsShown(waterfall).map((part) => (
        <li key={part} title={lookOfPart(part).description}>
          <span className={`${styles.swatch} ${styles[lookOfPart(part).className]}`} />
          {lookOfPart(part).label}
        </li>
      ))}
    </ul>
  );
}
