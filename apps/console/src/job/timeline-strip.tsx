import { type RefObject, useEffect, useRef, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useNavigate } from 'react-router';

import { lookOf, outcomeOf } from '../components/outcome.ts';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { TimelineDetail } from './timeline-detail.tsx';
import { barShare, type TimelineEntry } from './timeline.ts';
import styles from './timeline-strip.module.css';

/** Executions as bars and runs to come as rings, in one line to be walked by the arrow keys; enter opens an execution. */
export function TimelineStrip({ entries }: { entries: readonly TimelineEntry[] }) {
  const navigate = useNavigate();
  const strip = useRef<HTMLDivElement>(null);
  const [pointedAt, setPointedAt] = useState<string | null>(null);
  const longest = Math.max(...entries.map(({ execution }) => execution?.duration_ms ?? 0));
  const newest = entries.findLast(({ execution }) => execution !== null);
  const shown = entries.find(({ id }) => id === pointedAt) ?? newest ?? entries[0];
  useScrollToNow(strip);
  return (
    <>
      <ListBox
        ref={strip}
        className={styles.strip}
        aria-label="Executions and runs to come"
        orientation="horizontal"
        selectionMode="none"
        items={entries}
        dependencies={[longest]}
        onAction={(id) => {
          if (entries.some((entry) => entry.id === id && entry.execution !== null))
            void navigate(`/executions/${id}`);
        }}
      >
        {(entry) => (
          <ListBoxItem
            textValue={entry.label}
            aria-label={entry.label}
            className={entry.execution === null ? `${styles.slot} ${styles.future}` : styles.slot}
            onFocus={() => setPointedAt(entry.id)}
            onHoverStart={() => setPointedAt(entry.id)}
          >
            <Bar entry={entry} longestMs={longest} />
          </ListBoxItem>
        )}
      </ListBox>
      {shown !== undefined && <TimelineDetail entry={shown} />}
    </>
  );
}

function Bar({ entry: { execution }, longestMs }: { entry: TimelineEntry; longestMs: number }) {
  if (execution === null) return <span className={styles.ring} />;
  const outcome = outcomeOf(execution.status);
  const height = `${100 * barShare(execution.duration_ms, longestMs)}%`;
  return (
    <>
      <span className={styles.room}>
        <span className={styles.bar} style={{ height, background: lookOf(outcome).color }} />
      </span>
      <OutcomeMark outcome={outcome} />
    </>
  );
}

/** Where there is no room for all, what is seen first is the newest. */
function useScrollToNow(strip: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    // The list draws its items after itself.
    const frame = requestAnimationFrame(() => strip.current?.scrollTo(strip.current.scrollWidth, 0));
    return () => cancelAnimationFrame(frame);
  }, [strip]);
}
