import { idTime } from '@automation/domain';
import { type RawBuilder, sql } from 'kysely';

/**
 * The span of scheduled_for in which executions of these ids lie: their ids carry its milliseconds, so the condition
 * confines a statement to the partitions of those days.
 */
export function scheduledWithin(column: RawBuilder<unknown>, ids: readonly string[]): RawBuilder<boolean> {
  const times = ids.map((id) => idTime(id).getTime());
  const from = new Date(times.reduce((a, b) => Math.min(a, b)));
  const to = new Date(times.reduce((a, b) => Math.max(a, b)) + 1);
  return sql<boolean>`(${column} >= ${from}::timestamptz AND ${column} < ${to}::timestamptz)`;
}
