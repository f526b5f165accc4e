import { ACTOR_KINDS, AppError, coversScope, SCOPES } from '@automation/domain';
import Joi from 'joi';

import type { ApiDependencies } from '../dependencies.ts';
import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';

const identitySchema = Joi.object({
  account_id: Joi.string().required(),
  account_name: Joi.string().allow('', null).required().description('Null if nobody can tell it.'),
  scopes: Joi.array()
    .items(Joi.string().valid(...SCOPES))
    .required()
    .description('What the credential may do; a scope includes those before it.'),
  actor: Joi.object({
    kind: Joi.string()
      .valid(...ACTOR_KINDS)
      .required(),
    id: Joi.string().required().description('Of an API key its id, of a JWT its subject.'),
  }).required(),
}).id('Identity');

export const identityRoute = defineRoute({
  method: 'get',
  path: '/identity',
  operationId: 'identity',
  tag: 'Accounts',
  summary: 'Whose the credential of the request is, and what it may do.',
  scope: 'read',
  responses: { 200: { description: 'The account and who acts for it.', schema: identitySchema } },
  errors: [],
  handler: async (api, { caller: { accountId, actor }, scopes }) =>
    ok({
      account_id: accountId,
      account_name: await findName(api, accountId),
      scopes: SCOPES.filter((scope) => coversScope(scopes, scope)),
      actor: { kind: actor.kind, id: actor.id },
    }),
});

/** Null as well while an external service that keeps the accounts is down: an API key works without it. */
async function findName({ accounts }: ApiDependencies, accountId: string): Promise<string | null> {
  try {
    return (await accounts.find(accountId))?.name ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAVAILABLE') return null;
    throw error;
  }
}
