import {
  type Account,
  type ApiKey,
  auditLogEntry,
  type AuditLogEntry,
  type Origin,
} from '@automation/domain';

import { instantOrNull } from '../http/instant.ts';

/** What the audit log says of a new account: it is the first entry of the account's log. */
export function createdAccountEntry(origin: Origin, { id, name, createdAt }: Account): AuditLogEntry {
  const change = { accountId: id, targetId: id, before: null, after: { name } };
  return auditLogEntry(origin, { action: 'account.created', ...change }, createdAt);
}

/** What it says of a new API key, in the log of the account that may use it. */
export function createdKeyEntry(origin: Origin, key: ApiKey): AuditLogEntry {
  const { id: targetId, accountId, name, scopes, expiresAt, createdAt } = key;
  const after = { name, scopes, expires_at: instantOrNull(expiresAt) };
  return auditLogEntry(
    origin,
    { action: 'api_key.created', accountId, targetId, before: null, after },
    createdAt,
  );
}

/** What it says of a revoked API key. */
export function revokedKeyEntry(
  origin: Origin,
  { id: targetId, accountId, revokedAt }: ApiKey,
  at: Date,
): AuditLogEntry {
  const states = { before: { revoked_at: null }, after: { revoked_at: instantOrNull(revokedAt) } };
  return auditLogEntry(origin, { action: 'api_key.revoked', accountId, targetId, ...states }, at);
}
