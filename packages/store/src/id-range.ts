import { idTime } from '@automation/domain';
import { type RawBuilder, sql } from 'kysely';

/**
 * The span of scheduled_for in which executions of these ids lie: their ids carry its milliseconds, so the condition
 * confines a statement to the partitions of those days. It has to be all that does: a statement that also compares
 * scheduled_for with another table's chooses partitions at run time, and having waited for a row it crashes PostgreSQL
 * 18.4 (`perform_pruning_base_step`).
 */
export function scheduledWithin(column: RawBuilder<unknown>, ids: readonly string[]): RawBuilder<boolean> {
  const times = ids.map((id) => idTime(id).getTime());
  const from = new Date(times.reduce((a, b) => Math.min(a, b)));
  const to = new Date(times.reduce((a, b) => Math.max(a, b)) + 1);
  return sql<boolean>`(${column} >= ${from}::timestamptz AND ${column} < ${to}::timestamptz)`;
}

/** The condition that executions are of a span of time, newest first by their primary key. */
export function scheduledBetween(from: Date, to: Date): RawBuilder<boolean> {
  return sql<boolean>`(id >= ${lowestId(from)}::uuid AND id < ${lowestId(to)}::uuid
    AND scheduled_for >= ${from}::timestamptz AND scheduled_for < ${to}::timestamptz)`;
}

/** No id of that millisecond comes before it. There are none from before 1970. */
export function lowestId(at: Date): string {
  const ms = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-0000-0000-000000000000`;
}
