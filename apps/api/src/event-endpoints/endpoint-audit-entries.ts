import {
  auditLogEntry,
  type AuditLogEntry,
  changedFields,
  type EventEndpoint,
  type JsonObject,
  type Origin,
} from '@automation/domain';

import { instantOrNull } from '../http/instant.ts';

/** What the audit log says of a new event endpoint. */
export function createdEndpointEntry(origin: Origin, endpoint: EventEndpoint): AuditLogEntry {
  const after = hideSecrets(fieldsOf(endpoint));
  const change = { ...targetOf(endpoint), action: 'event_endpoint.created', before: null, after } as const;
  return auditLogEntry(origin, change, endpoint.createdAt);
}

/** What it says of a changed one. */
export function updatedEndpointEntry(
  origin: Origin,
  { before, after }: { before: EventEndpoint; after: EventEndpoint },
): AuditLogEntry {
  const changed = changedFields(fieldsOf(before), fieldsOf(after));
  const states = { before: hideSecrets(changed.before), after: hideSecrets(changed.after) };
  const change = { ...targetOf(after), action: 'event_endpoint.updated', ...states } as const;
  return auditLogEntry(origin, change, after.updatedAt);
}

/** What it says of one that was deleted. */
export function deletedEndpointEntry(origin: Origin, endpoint: EventEndpoint, at: Date): AuditLogEntry {
  const before = hideSecrets(fieldsOf(endpoint));
  const change = { ...targetOf(endpoint), action: 'event_endpoint.deleted', before, after: null } as const;
  return auditLogEntry(origin, change, at);
}

/** What it says of one that has a new secret: how long the old one signs beside it. */
export function rotatedEndpointSecretEntry(origin: Origin, endpoint: EventEndpoint): AuditLogEntry {
  const after = { previous_secret_until: instantOrNull(endpoint.previousSecretUntil) };
  const change = {
    ...targetOf(endpoint),
    action: 'event_endpoint.secret_rotated',
    before: null,
    after,
  } as const;
  return auditLogEntry(origin, change, endpoint.updatedAt);
}

function targetOf({ accountId, id: targetId }: EventEndpoint) {
  return { accountId, targetId };
}

function fieldsOf({ url, types, enabled }: EventEndpoint): JsonObject {
  return { url, types, enabled };
}

/** Receivers like to have their secrets in the address: the log has nothing of it but where that is. */
function hideSecrets({ url, ...fields }: JsonObject): JsonObject {
  return typeof url === 'string' ? { ...fields, url: `${new URL(url).origin}/[hidden]` } : fields;
}
