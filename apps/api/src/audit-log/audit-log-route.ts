import { AUDIT_ACTIONS, type AuditAction } from '@automation/domain';
import { auditLog } from '@automation/store';
import Joi from 'joi';

import { requireLater } from '../audit/audit-query.ts';
import { instantInput } from '../http/instant.ts';
import { cutPageReply, idCursor, type PageOfRows, pageQuery, type PageQuery } from '../http/page.ts';
import { defineRoute } from '../http/route.ts';
import { lineSchema } from '../http/text-schema.ts';
import { auditLogEntryJson, auditLogEntrySchema } from './audit-log-entry-json.ts';

interface AuditLogQuery extends PageQuery {
  target_id?: string;
  action?: AuditAction;
  from?: Date;
  to?: Date;
}

export const auditLogRoute = defineRoute({
  method: 'get',
  path: '/automation/audit-log',
  operationId: 'listAuditLog',
  tag: 'Audit log',
  summary: 'Lists who changed what of the account, newest first.',
  scope: 'admin',
  query: Joi.object<AuditLogQuery>({
    ...pageQuery(idCursor),
    target_id: lineSchema(128).empty('').description('Id of the job, function, … that was changed.'),
    action: Joi.string()
      .valid(...AUDIT_ACTIONS)
      .empty(''),
    from: instantInput('Entries from this instant on.').empty(''),
    to: instantInput('Entries before this instant.').empty('').custom(requireLater),
  }),
  responses: {
    200: {
      description: 'The entries of the page: fewer than its limit if they are large.',
      schema: Joi.array().items(auditLogEntrySchema),
    },
  },
  errors: [],
  async handler(api, { caller, path, query }) {
    const { target_id: targetId, action, from, to } = query;
    const filter = { accountId: caller.accountId, targetId, action, from, to };
    const read = (page: PageOfRows) => auditLog.list(api.store.db, { ...filter, ...page });
    return cutPageReply({ path, query, read }, auditLogEntryJson);
  },
});
