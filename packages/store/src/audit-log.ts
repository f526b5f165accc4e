import type { AuditAction, AuditLogEntry } from '@automation/domain';
import { type Selectable, sql } from 'kysely';

import type { Database, Transaction } from './database.ts';
import { deleteInBatches } from './delete-in-batches.ts';
import { lowestId } from './id-range.ts';
import { bytesOf, readPage } from './page-bytes.ts';
import { columnsOf, statement } from './statement.ts';
import { storableJson } from './storable.ts';
import type { AuditLogTable } from './tables.ts';

export interface AuditLogFilter {
  accountId: string;
  limit: number;
  /** Id of the last entry of the page before. */
  cursor?: string | undefined;
  targetId?: string | undefined;
  action?: AuditAction | undefined;
  from?: Date | undefined;
  /** Not included. */
  to?: Date | undefined;
}

const COLUMNS = [
  'id',
  'accountId',
  'at',
  'actorKind',
  'actorId',
  'action',
  'targetType',
  'targetId',
  'before',
  'after',
  'requestId',
  'clientAddress',
] as const satisfies readonly (keyof AuditLogTable)[];

/** The text that writes entries as part of a statement; its parameter is what `asParameter` makes of them. */
export function writing(parameter: string): string {
  return `INSERT INTO automation_audit_log (${columnsOf(COLUMNS)}) SELECT ${columnsOf(COLUMNS)}
    FROM jsonb_populate_recordset(NULL::automation_audit_log, ${parameter}::jsonb)`;
}

const write = statement(writing('$1'));

/** Entries as rows of the table. */
export function asParameter(entries: readonly AuditLogEntry[]): string {
  return storableJson(
    entries.map((entry) => ({
      id: entry.id,
      account_id: entry.accountId,
      at: entry.at,
      actor_kind: entry.actor.kind,
      actor_id: entry.actor.id,
      action: entry.action,
      target_type: entry.targetType,
      target_id: entry.targetId,
      before: entry.before,
      after: entry.after,
      request_id: entry.requestId,
      client_address: entry.clientAddress,
    })),
  );
}

/** Writes what the transaction changes into the audit log: either both are there, or neither is. */
export async function record(trx: Transaction, entries: readonly AuditLogEntry[]): Promise<void> {
  if (entries.length > 0) await write(trx, [asParameter(entries)]);
}

/** A page of an account's entries, newest first: as many as were asked for at most, and fewer if they are large. */
export async function list(db: Database, filter: AuditLogFilter): Promise<AuditLogEntry[]> {
  const { accountId, cursor, targetId, action, from, to, limit } = filter;
  let query = db.selectFrom('automationAuditLog').select(COLUMNS).where('accountId', '=', accountId);
  if (cursor !== undefined) query = query.where('id', '<', cursor);
  if (targetId !== undefined) query = query.where('targetId', '=', targetId);
  if (action !== undefined) query = query.where('action', '=', action);
  // Ids are of the same millisecond as their entries, and have the index.
  if (from !== undefined) query = query.where('id', '>=', lowestId(from));
  if (to !== undefined) query = query.where('id', '<', lowestId(to));
  const page = query.select(bytesOf('before', 'after').as('bytes')).orderBy('id', 'desc').limit(limit);
  const rows = await readPage<AuditLogRow>(db, page, { columns: COLUMNS, order: sql`id DESC` });
  return rows.map(toEntry);
}

type AuditLogRow = Selectable<AuditLogTable>;

function toEntry({ actorKind: kind, actorId: id, ...entry }: AuditLogRow): AuditLogEntry {
  return { ...entry, actor: { kind, id } };
}

/** Deletes the entries from before an instant. Throws if one of them is younger than 30 days. */
export async function removeBefore(db: Database, oldest: Date): Promise<void> {
  await deleteInBatches(db, 'automationAuditLog', sql`at < ${oldest}::timestamptz`);
}
