import type { EventType, PublishedEvent } from '@automation/domain';
import { sql } from 'kysely';

import type { Database } from './database.ts';

export interface EventSpan {
  accountId: string;
  types: readonly EventType[];
  /** Not included. */
  after: number;
  /** Included. */
  upTo: number;
  limit: number;
}

export interface EventPage {
  events: PublishedEvent[];
  /** The oldest position that is kept, whosever it is; null if there is none. */
  oldest: number | null;
}

/** An account's events of a span, oldest first. */
export async function list(db: Database, span: EventSpan): Promise<EventPage> {
  const { accountId, types, after, upTo, limit } = span;
  // In one statement: what is dropped between two of them would go unnoticed.
  const { rows } = await sql<{ oldest: number | null } & (PublishedEvent | { position: null })>`
    SELECT oldest.oldest, e.*
    FROM (SELECT min(position) AS oldest FROM automation_events) AS oldest
    LEFT JOIN LATERAL (
      SELECT position, account_id, job_id, execution_id, type, data, created_at FROM automation_events
      WHERE account_id = ${accountId} AND position > ${after} AND position <= ${upTo} AND type = ANY(${types})
      ORDER BY position LIMIT ${limit}
    ) AS e ON true
    ORDER BY position`.execute(db);
  const events = rows.flatMap(({ oldest: _oldest, ...event }) => (event.position === null ? [] : [event]));
  return { events, oldest: rows[0]?.oldest ?? null };
}

/** Everybody's events after a position, oldest first. */
export async function listAll(db: Database, after: number, limit: number): Promise<PublishedEvent[]> {
  return db
    .selectFrom('automationEvents')
    .select(['position', 'accountId', 'jobId', 'executionId', 'type', 'data', 'createdAt'])
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** The position of the latest event; 0 if there never was one. */
export async function newestPosition(db: Database): Promise<number> {
  const { rows } = await sql<{ position: number }>`
    SELECT coalesce(max(position), 0) AS position FROM automation_events`.execute(db);
  return rows[0]?.position ?? 0;
}
