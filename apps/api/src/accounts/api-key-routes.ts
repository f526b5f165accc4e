import { type Scope, SCOPES } from '@automation/domain';
import { apiKeys } from '@automation/store';
import Joi from 'joi';

import { answerKept } from '../http/answer-kept.ts';
import { instantInput } from '../http/instant.ts';
import { created, ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { nameSchema } from '../http/text-schema.ts';
import { apiKeyJson, apiKeySchema, apiKeyWithTextSchema } from './account-json.ts';
import { createApiKey, type CreateApiKeyBody, type ShownApiKey } from './create-api-key.ts';
import { requireAccount } from './require-account.ts';
import { revokeApiKey } from './revoke-api-key.ts';

const tag = 'API keys';
const accountId = Joi.string().required().description('Id of the account.');
const DEFAULT_SCOPES: Scope[] = ['read', 'write'];

const list = defineRoute({
  method: 'get',
  path: '/accounts/{id}/api-keys',
  operationId: 'listApiKeys',
  tag,
  summary: "Lists an account's API keys, newest first.",
  scope: 'admin',
  params: Joi.object<{ id: string }>({ id: accountId }),
  responses: {
    200: { description: 'The keys, without their texts.', schema: Joi.array().items(apiKeySchema) },
  },
  errors: ['NOT_FOUND'],
  async handler(api, { params }) {
    await requireAccount(api.accounts, params.id);
    const keys = await apiKeys.list(api.store.db, params.id);
    return ok(keys.map(apiKeyJson));
  },
});

const create = defineRoute({
  method: 'post',
  path: '/accounts/{id}/api-keys',
  operationId: 'createApiKey',
  tag,
  summary: 'Makes an API key. The key itself is shown this once.',
  scope: 'admin',
  params: Joi.object<{ id: string }>({ id: accountId }),
  body: Joi.object<CreateApiKeyBody>({
    name: nameSchema().required(),
    scopes: Joi.array()
      .items(Joi.string().valid(...SCOPES))
      .min(1)
      .unique()
      .default(DEFAULT_SCOPES)
      .description('`admin` includes `write`, `write` includes `read`.'),
    expires_at: instantInput('When the key ends by itself; never by default.').allow(null),
  }).id('ApiKeyCreate'),
  responses: { 201: { description: 'The new key.', schema: apiKeyWithTextSchema } },
  errors: ['NOT_FOUND', 'CONFLICT', 'STORAGE_QUOTA_EXCEEDED'],
  showsSecret: true,
  handler: (api, { caller, params, body, keepAnswer }) =>
    answerKept(
      keepAnswer,
      ({ key, text }: ShownApiKey) =>
        created({ ...apiKeyJson(key), key: text }, `/accounts/${params.id}/api-keys`),
      (keep) => createApiKey(api, caller, { accountId: params.id, body }, keep),
    ),
});

const revoke = defineRoute({
  method: 'delete',
  path: '/accounts/{id}/api-keys/{key_id}',
  operationId: 'revokeApiKey',
  tag,
  summary: 'Revokes an API key. It stays in the list.',
  scope: 'admin',
  params: Joi.object<{ id: string; key_id: string }>({
    id: accountId,
    key_id: Joi.string().required().description('Id of the key, not its text.'),
  }),
  responses: { 200: { description: 'The revoked key.', schema: apiKeySchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, params }) {
    const key = await revokeApiKey(api, caller, { accountId: params.id, id: params.key_id });
    return ok(apiKeyJson(key));
  },
});

export const apiKeyRoutes = [list, create, revoke];
