import { newId } from '@automation/domain';
import { accounts } from '@automation/store';
import Joi from 'joi';

import { pageQuery, pageReply, type PageQuery, rowsFor } from '../http/page.ts';
import { created, ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { chosenIdSchema, lineSchema, nameSchema } from '../http/text-schema.ts';
import { accountJson, accountSchema } from './account-json.ts';
import { requireAccount } from './require-account.ts';

const tag = 'Accounts';

const list = defineRoute({
  method: 'get',
  path: '/accounts',
  operationId: 'listAccounts',
  tag,
  summary: 'Lists the accounts, by id.',
  scope: 'admin',
  query: Joi.object<PageQuery>(pageQuery(lineSchema(128))),
  responses: { 200: { description: 'The accounts of the page.', schema: Joi.array().items(accountSchema) } },
  errors: [],
  async handler(api, { path, query }) {
    const page = { limit: rowsFor(query), cursor: query.cursor };
    return pageReply(await accounts.list(api.store.db, page), { path, query }, accountJson);
  },
});

const create = defineRoute({
  method: 'post',
  path: '/accounts',
  operationId: 'createAccount',
  tag,
  summary: 'Makes an account.',
  scope: 'admin',
  body: Joi.object<{ id?: string; name: string }>({
    id: chosenIdSchema().description('Made up if it is not given.'),
    name: nameSchema().required(),
  }).id('AccountCreate'),
  responses: { 201: { description: 'The new account.', schema: accountSchema } },
  errors: ['CONFLICT'],
  async handler(api, { caller, body }) {
    const now = api.clock.now();
    const account = { id: body.id ?? newId(now), name: body.name, createdAt: now };
    await accounts.insert(api.store.db, account);
    api.logger.info('account created', { account_id: account.id, request_id: caller.requestId });
    return created(accountJson(account), `/accounts/${account.id}`);
  },
});

const get = defineRoute({
  method: 'get',
  path: '/accounts/{id}',
  operationId: 'getAccount',
  tag,
  summary: 'Answers an account.',
  scope: 'admin',
  params: Joi.object<{ id: string }>({ id: Joi.string().required().description('Id of the account.') }),
  responses: { 200: { description: 'The account.', schema: accountSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { params }) {
    return ok(accountJson(await requireAccount(api.store.db, params.id)));
  },
});

export const accountRoutes = [list, create, get];
