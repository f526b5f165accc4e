import { ACTOR_KINDS, AUDIT_ACTIONS, type AuditLogEntry } from '@automation/domain';
import Joi from 'joi';

import { instant, instantSchema } from '../http/instant.ts';

/** An entry of the audit log as it is answered. */
export function auditLogEntryJson(entry: AuditLogEntry) {
  return {
    id: entry.id,
    at: instant(entry.at),
    account_id: entry.accountId,
    actor: { kind: entry.actor.kind, id: entry.actor.id },
    action: entry.action,
    target: { type: entry.targetType, id: entry.targetId },
    before: entry.before,
    after: entry.after,
    request_id: entry.requestId,
    client_address: entry.clientAddress,
  };
}

/** For the OpenAPI document. */
export const auditLogEntrySchema = Joi.object({
  id: Joi.string().uuid().required(),
  at: instantSchema('When it was changed.'),
  account_id: Joi.string().required(),
  actor: Joi.object({
    kind: Joi.string()
      .valid(...ACTOR_KINDS)
      .required(),
    id: Joi.string().required().description('Of an API key its id, of a JWT its subject, else `service`.'),
  })
    .required()
    .description('Who changed it.'),
  action: Joi.string()
    .valid(...AUDIT_ACTIONS)
    .required(),
  target: Joi.object({ type: Joi.string().required(), id: Joi.string().required() })
    .required()
    .description('What was changed.'),
  before: states('The fields that were changed, as they were; null if there is nothing to tell of.'),
  after: states('The same fields as they are since.'),
  request_id: Joi.string().allow(null).required().description('Null if the service did it by itself.'),
  client_address: Joi.string().allow(null).required().description('Where the request came from.'),
}).id('AuditLogEntry');

function states(description: string): Joi.ObjectSchema {
  return Joi.object().unknown().allow(null).required().description(description);
}
