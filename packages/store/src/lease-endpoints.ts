import type { DeliveryOutcome, EventSelector } from '@automation/domain';
import { sql, type UpdateObject } from 'kysely';

import type { Database } from './database.ts';
import { storableText } from './storable.ts';
import type { Tables } from './tables.ts';

/** An endpoint that nobody else delivers to for the time being, and what a delivery needs to know of it. */
export interface LeasedEndpoint {
  id: string;
  accountId: string;
  url: string;
  types: EventSelector[];
  /** Newest first; each of them signs. */
  secrets: string[];
  deliveredPosition: number;
  /** The position after which events were dropped before it took them; null if there were none. */
  lostAfter: number | null;
  attempts: number;
  failingSince: Date | null;
  lease: string;
  /** The position of the latest event there is, whosever it is. */
  newestPosition: number;
}

/** How long nobody else takes up an endpoint whose worker has died; longer than an attempt to deliver may take. */
const LEASE = sql`interval '15 seconds'`;

/** Takes endpoints for which there are events to deliver, by turns: the one that has waited longest first. */
export async function leaseEndpoints(db: Database, limit: number): Promise<LeasedEndpoint[]> {
  const { rows } = await sql<LeasedEndpoint>`
    WITH due AS (
      SELECT t.id FROM automation_event_endpoints t
      WHERE t.enabled AND (t.leased_until IS NULL OR t.leased_until <= now())
        AND (t.next_attempt_at IS NULL OR t.next_attempt_at <= now())
        AND (t.lost_after IS NOT NULL OR EXISTS (
          SELECT FROM automation_events e WHERE e.account_id = t.account_id AND e.position > t.delivered_position))
      ORDER BY t.leased_until NULLS FIRST LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    )
    UPDATE automation_event_endpoints t SET lease = gen_random_uuid(), leased_until = now() + ${LEASE}
    FROM due WHERE t.id = due.id
    RETURNING t.id, t.account_id, t.url, t.types, t.delivered_position, t.lost_after, t.attempts, t.failing_since, t.lease,
              CASE WHEN t.previous_secret_until > now() THEN ARRAY[t.secret, t.previous_secret] ELSE ARRAY[t.secret] END AS secrets,
              (SELECT coalesce(max(position), 0) FROM automation_events) AS newest_position`.execute(db);
  return rows;
}

/** Who delivers to an endpoint. */
export type EndpointLease = Pick<LeasedEndpoint, 'id' | 'lease' | 'lostAfter'>;

/** Notes what an endpoint has taken, and keeps it. False: it was changed, or another one has taken it up. */
export async function keepEndpoint(db: Database, held: EndpointLease, position: number): Promise<boolean> {
  return save(db, held, { ...taken(held, position), leasedUntil: sql<Date>`now() + ${LEASE}` });
}

/** Notes what an endpoint has taken, and lets it go until its next turn. */
export async function releaseEndpoint(db: Database, held: EndpointLease, position: number): Promise<void> {
  await save(db, held, { ...taken(held, position), ...LET_GO });
}

/** Lets an endpoint go that is not to be sent anything for a while, and notes what it has taken before. */
export async function postponeEndpoint(
  db: Database,
  held: EndpointLease,
  { position, forMs }: { position: number; forMs: number },
): Promise<void> {
  await save(db, held, { ...taken(held, position), nextAttemptAt: inMs(forMs), ...LET_GO });
}

/** Notes that an endpoint did not take the event that follows a position, and lets it go until it is tried again. */
export async function failEndpoint(
  db: Database,
  held: EndpointLease,
  failure: Extract<DeliveryOutcome, { kind: 'failed' }> & { position: number },
): Promise<void> {
  const { position, attempts, failingSince, error, retryInMs } = failure;
  await save(db, held, {
    ...taken(held, position),
    attempts,
    failingSince,
    lastError: storableText(error),
    nextAttemptAt: inMs(retryInMs),
    ...LET_GO,
  });
}

/** Disables an endpoint for a reason that its owner is shown. */
export async function disableEndpoint(
  db: Database,
  held: EndpointLease,
  { position, reason }: { position: number; reason: string },
): Promise<void> {
  const disabled = { enabled: false, disabledReason: storableText(reason) };
  await save(db, held, { ...taken(held, position), ...disabled, ...LET_GO });
}

type Changes = UpdateObject<Tables, 'automationEventEndpoints'>;

/** As the turns go, it has had its own now. */
const LET_GO = { lease: null, leasedUntil: sql<Date>`now()` } satisfies Changes;

function inMs(ms: number) {
  return sql<Date>`now() + ${ms}::float8 * interval '1 millisecond'`;
}

/**
 * Events may have been dropped meanwhile, which moves it on. The loss that it was leased with it has been told of, and
 * whatever went wrong before it took an event is over.
 */
function taken({ lostAfter }: EndpointLease, position: number) {
  const afterwards = <T>(column: string) =>
    sql<T>`CASE WHEN delivered_position >= ${position}::bigint THEN ${sql.ref(column)} END`;
  return {
    deliveredPosition: sql<number>`greatest(delivered_position, ${position}::bigint)`,
    lostAfter: sql<number | null>`nullif(lost_after, ${lostAfter}::bigint)`,
    attempts: sql<number>`CASE WHEN delivered_position >= ${position}::bigint THEN attempts ELSE 0 END`,
    failingSince: afterwards<Date | null>('failingSince'),
    lastError: afterwards<string | null>('lastError'),
    nextAttemptAt: afterwards<Date | null>('nextAttemptAt'),
  } satisfies Changes;
}

async function save(db: Database, { id, lease }: EndpointLease, changes: Changes): Promise<boolean> {
  const result = await db
    .updateTable('automationEventEndpoints')
    .set(changes)
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
