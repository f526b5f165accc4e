import { newId } from './id.ts';
import { isSameJson, type JsonObject } from './json.ts';

/** All that the audit log tells of; what stands before the dot is the kind of thing that was changed. */
export const AUDIT_ACTIONS = [
  'job.created',
  'job.updated',
  'job.enabled',
  'job.disabled',
  'job.paused',
  'job.completed',
  'job.run',
  'execution.cancelled',
  'function.created',
  'function.updated',
  'function.deleted',
  'function.secret_rotated',
  'account.created',
  'api_key.created',
  'api_key.revoked',
  'event_endpoint.created',
  'event_endpoint.updated',
  'event_endpoint.deleted',
  'event_endpoint.secret_rotated',
  'event_settings.updated',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const ACTOR_KINDS = ['api_key', 'jwt', 'service'] as const;

/** Who changes something: an API key by its id, a JWT by its subject, or the service by itself. */
export interface Actor {
  kind: (typeof ACTOR_KINDS)[number];
  id: string;
}

/** On whose word something is changed, and from where. */
export interface Origin {
  actor: Actor;
  /** Null together with the address: nobody asked. */
  requestId: string | null;
  clientAddress: string | null;
}

/** What the service does without being asked. */
export const BY_SERVICE: Origin = {
  actor: { kind: 'service', id: 'service' },
  requestId: null,
  clientAddress: null,
};

/** One thing that was changed. */
export interface Change {
  /** Whose thing it is, and so in whose log it stands. */
  accountId: string;
  action: AuditAction;
  targetId: string;
  /** The fields that were changed, as they were; null if there is nothing to tell of. */
  before: JsonObject | null;
  /** The same fields as they are now. */
  after: JsonObject | null;
}

export type AuditLogEntry = Change & Origin & { id: string; at: Date; targetType: string };

/** What the audit log says of a change. */
export function auditLogEntry(
  { actor, requestId, clientAddress }: Origin,
  change: Change,
  at: Date,
): AuditLogEntry {
  const targetType = change.action.replace(/\..*/, '');
  return { id: newId(at), at, ...change, targetType, actor, requestId, clientAddress };
}

/** What it says of a job that the service itself has paused or completed. */
export function stoppedJobEntry(
  job: {
    jobId: string;
    accountId: string;
    wasEnabled: boolean;
    status: 'paused' | 'completed';
    reason: string | null;
  },
  at: Date,
): AuditLogEntry {
  const { jobId: targetId, accountId, wasEnabled, status, reason } = job;
  const before = { status: wasEnabled ? 'active' : 'paused', enabled: wasEnabled, status_reason: null };
  const after = { status, enabled: false, status_reason: reason };
  return auditLogEntry(BY_SERVICE, { accountId, action: `job.${status}`, targetId, before, after }, at);
}

/** Of two states of a thing the fields in which they differ, those included that only one of them has. */
export function changedFields(
  before: JsonObject,
  after: JsonObject,
): { before: JsonObject; after: JsonObject } {
  return { before: fieldsUnlike(before, after), after: fieldsUnlike(after, before) };
}

function fieldsUnlike(state: JsonObject, other: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(state).filter(([key, value]) => !isSameJson(value, other[key])));
}
