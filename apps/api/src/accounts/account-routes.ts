import { type Account, notFound } from '@automation/domain';
import { accounts } from '@automation/store';
import Joi from 'joi';

import { answerKept } from '../http/answer-kept.ts';
import { pageQuery, pageReply, type PageQuery, rowsFor } from '../http/page.ts';
import { created, ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { chosenIdSchema, lineSchema, nameSchema } from '../http/text-schema.ts';
import { accountJson, accountSchema } from './account-json.ts';
import { createAccount, type CreateAccountBody } from './create-account.ts';

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
  body: Joi.object<CreateAccountBody>({
    id: chosenIdSchema().description('Made up if it is not given.'),
    name: nameSchema().required(),
  }).id('AccountCreate'),
  responses: { 201: { description: 'The new account.', schema: accountSchema } },
  errors: ['CONFLICT', 'STORAGE_QUOTA_EXCEEDED'],
  handler: (api, { caller, body, keepAnswer }) =>
    answerKept(
      keepAnswer,
      (account: Account) => created(accountJson(account), `/accounts/${account.id}`),
      (keep) => createAccount(api, caller, body, keep),
    ),
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
    const account = await accounts.find(api.store.db, params.id);
    if (account === undefined) throw notFound('account', params.id);
    return ok(accountJson(account));
  },
});

export const accountRoutes = [list, create, get];
