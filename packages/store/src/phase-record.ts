import {
  type AttemptRecord,
  MOST_LOGGED_ATTEMPTS,
  type PhaseRecord,
  type RecordedPhase,
} from '@automation/domain';
import { type RawBuilder, sql } from 'kysely';

import type { StoredAttempt, StoredPhaseRecord } from './tables.ts';

/** What every execution stores twice: the times go without their names, and no field that has nothing to say. */
export function toStored({ times, retryAt, ...record }: PhaseRecord): StoredPhaseRecord {
  return {
    ...record,
    startedAt: record.startedAt.toISOString(),
    completedAt: record.completedAt.toISOString(),
    times: [times.connectMs, times.waitMs, times.bodyMs],
    retryAt: retryAt?.toISOString(),
  };
}

/** The record has no attempt log if a version recorded it that kept none. */
export function fromStored(stored: StoredPhaseRecord): RecordedPhase {
  const { id, input, output, logs, error, status, attempts, httpStatus, earlier = [] } = stored;
  return {
    id,
    input,
    output,
    logs,
    error,
    status,
    startedAt: new Date(stored.startedAt),
    completedAt: new Date(stored.completedAt),
    attempts,
    httpStatus,
    attemptLog: stored.times === undefined ? [] : [...earlier, stored].map(toAttempt),
  };
}

/**
 * The record that takes the place of an old one, with what that knew of attempts. One of the same attempt, which was accepted
 * (202) before, says how that ended: its times are still those of its request. Either may be null.
 */
export function withEarlierAttempts(now: RawBuilder<unknown>, old: RawBuilder<unknown>): RawBuilder<unknown> {
  const earlier = sql`coalesce(${old} -> 'earlier', '[]')`;
  const attempt = sql`${old} - '{id,input,output,logs,earlier}'::text[]`;
  return sql`CASE
            WHEN ${now} IS NULL THEN ${old}
            WHEN ${old} IS NULL THEN ${now}
            WHEN ${old} -> 'attempts' = ${now} -> 'attempts' THEN ${now} || jsonb_build_object(
              'times', coalesce(${old} -> 'times', ${now} -> 'times'), 'earlier', ${earlier})
            WHEN jsonb_array_length(${earlier}) < ${sql.lit(MOST_LOGGED_ATTEMPTS - 1)}
              THEN ${now} || jsonb_build_object('earlier', ${earlier} || jsonb_build_array(${attempt}))
            ELSE ${now} || jsonb_build_object('earlier', ${earlier} - 0 || jsonb_build_array(${attempt}))
          END`;
}

function toAttempt(stored: StoredAttempt): AttemptRecord {
  const { attempts: number, status, error, httpStatus, startedAt, completedAt, retryAt } = stored;
  const [connectMs, waitMs, bodyMs] = stored.times ?? [null, null, null];
  return {
    number,
    status,
    error,
    httpStatus,
    startedAt: new Date(startedAt),
    completedAt: new Date(completedAt),
    times: { connectMs, waitMs, bodyMs },
    retryAt: retryAt === undefined ? null : new Date(retryAt),
  };
}
