import { Fragment } from 'react';

import type { Attempt, Phase } from '../api/execution.ts';
import { Duration } from '../components/duration.tsx';
import { OutcomeMark } from '../components/outcome-mark.tsx';
import { Time } from '../components/time.tsx';
import { attemptLook } from './attempt-look.ts';
import styles from './attempt-table.module.css';
import { attemptsOf } from './waterfall.ts';

const DURATIONS = ['Connect', 'Wait', 'Body', 'Took', 'Backoff'] as const;

/** The attempts of a phase, with what each took, how long the next one waited, and what was wrong. */
export function AttemptTable({ label, phase }: { label: string; phase: Phase }) {
  const attempts = attemptsOf(phase);
  const unlogged = phase.attempts - attempts.length;
  return (
    <div>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            {DURATIONS.map((name) => (
              <th key={name} scope="col" className={styles.duration}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <Fragment key={attempt.attempt}>
              <AttemptRow attempt={attempt} />
              {attempt.error !== '' && (
                <tr>
                  <td className={styles.error} colSpan={1 + DURATIONS.length}>
                    {attempt.error}
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {unlogged > 0 && <p className={styles.note}>{unlogged} more, of which nothing else is kept.</p>}
    </div>
  );
}

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const { outcome, text } = attemptLook(attempt);
  const durations = durationsOf(attempt);
  return (
    <tr className={styles.attempt}>
      <th scope="row">
        <span className={styles.outcome}>
          <OutcomeMark outcome={outcome} />
          {attempt.attempt}. {text}
        </span>
        <span className={styles.note}>
          <Time at={attempt.started_at} />
        </span>
      </th>
      {DURATIONS.map((name) => (
        <td key={name} className={styles.duration} data-label={name}>
          <Duration ms={durations[name]} />
        </td>
      ))}
    </tr>
  );
}

function durationsOf(attempt: Attempt): Record<(typeof DURATIONS)[number], number | null> {
  const completedAt = Date.parse(attempt.completed_at);
  return {
    Connect: attempt.connect_ms,
    Wait: attempt.wait_ms,
    Body: attempt.body_ms,
    Took: completedAt - Date.parse(attempt.started_at),
    Backoff: attempt.retry_at === null ? null : Date.parse(attempt.retry_at) - completedAt,
  };
}
