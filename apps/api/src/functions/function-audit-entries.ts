import {
  auditLogEntry,
  type AuditLogEntry,
  type AutomationFunction,
  changedFields,
  type JsonObject,
  type Origin,
} from '@automation/domain';

import { instantOrNull } from '../http/instant.ts';

/** Stands where secrets may be: that they were changed is told, but not from what to what. */
const HIDDEN = '[hidden]';

/** What the audit log says of a new function. */
export function createdFunctionEntry(origin: Origin, fn: AutomationFunction): AuditLogEntry {
  const change = { ...targetOf(fn), action: 'function.created', before: null, after: keptOf(fn) } as const;
  return auditLogEntry(origin, change, fn.createdAt);
}

/** What it says of a changed function; of its headers it tells those that were changed. */
export function updatedFunctionEntry(
  origin: Origin,
  { before, after }: { before: AutomationFunction; after: AutomationFunction },
): AuditLogEntry {
  const fields = changedFields(fieldsOf(before), fieldsOf(after));
  const headers = changedFields(before.headers, after.headers);
  const areChanged = Object.keys({ ...headers.before, ...headers.after }).length > 0;
  const states = {
    before: hideSecrets(fields.before, areChanged ? headers.before : null),
    after: hideSecrets(fields.after, areChanged ? headers.after : null),
  };
  return auditLogEntry(
    origin,
    { ...targetOf(after), action: 'function.updated', ...states },
    after.updatedAt,
  );
}

/** What it says of a function that was deleted. */
export function deletedFunctionEntry(origin: Origin, fn: AutomationFunction, at: Date): AuditLogEntry {
  const change = { ...targetOf(fn), action: 'function.deleted', before: keptOf(fn), after: null } as const;
  return auditLogEntry(origin, change, at);
}

/** What it says of a function that has a new secret: how long the old one signs beside it. */
export function rotatedSecretEntry(origin: Origin, fn: AutomationFunction): AuditLogEntry {
  const after = { previous_secret_until: instantOrNull(fn.previousSecretUntil) };
  const change = { ...targetOf(fn), action: 'function.secret_rotated', before: null, after } as const;
  return auditLogEntry(origin, change, fn.updatedAt);
}

function targetOf({ accountId, id: targetId }: AutomationFunction) {
  return { accountId, targetId };
}

function keptOf(fn: AutomationFunction): JsonObject {
  return hideSecrets(fieldsOf(fn), fn.headers);
}

function fieldsOf({ name, url, timeoutSeconds }: AutomationFunction): JsonObject {
  return { name, url, timeout_seconds: timeoutSeconds };
}

/** Nothing is deleted from the log: neither headers' values nor what comes after a URL's path may be in it. */
function hideSecrets({ url, ...fields }: JsonObject, headers: JsonObject | null): JsonObject {
  return {
    ...fields,
    ...(typeof url === 'string' ? { url: url.replace(/([?#]).*$/s, `$1${HIDDEN}`) } : {}),
    ...(headers === null ? {} : { headers: withHiddenValues(headers) }),
  };
}

function withHiddenValues(headers: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN]));
}
