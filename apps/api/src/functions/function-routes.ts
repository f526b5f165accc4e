import { type AutomationFunction, PHASES } from '@automation/domain';
import { functions } from '@automation/store';
import Joi from 'joi';

import { answerKept } from '../http/answer-kept.ts';
import { jsonObjectSchema } from '../http/json-object-schema.ts';
import { cutPageReply, type PageOfRows, pageQuery, type PageQuery } from '../http/page.ts';
import { created, ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { lineSchema } from '../http/text-schema.ts';
import { createFunction } from './create-function.ts';
import { findOwnFunction } from './find-own-function.ts';
import { createFunctionBody, updateFunctionBody } from './function-input.ts';
import { functionJson } from './function-json.ts';
import { functionSchema, functionWithSecretSchema } from './function-schema.ts';
import { removeFunction } from './remove-function.ts';
import { rotateSecret, rotateSecretBody } from './rotate-secret.ts';
import { testJson, testSchema } from './test-json.ts';
import { type TestBody, tryFunction } from './try-function.ts';
import { updateFunction } from './update-function.ts';

const tag = 'Functions';
const params = Joi.object<{ id: string }>({ id: Joi.string().required().description('Id of the function.') });

const list = defineRoute({
  method: 'get',
  path: '/functions',
  operationId: 'listFunctions',
  tag,
  summary: "Lists the account's functions, newest first.",
  scope: 'read',
  query: Joi.object<PageQuery>(pageQuery(lineSchema(128))),
  responses: {
    200: {
      description: 'The functions of the page: fewer than its limit if they are large.',
      schema: Joi.array().items(functionSchema),
    },
  },
  errors: [],
  async handler(api, { caller, path, query }) {
    const { accountId } = caller;
    const read = (page: PageOfRows) => functions.list(api.store.db, { accountId, ...page });
    return cutPageReply({ path, query, read }, functionJson);
  },
});

const create = defineRoute({
  method: 'post',
  path: '/functions',
  operationId: 'createFunction',
  tag,
  summary: 'Registers an HTTP function. Its signing secret is shown this once.',
  scope: 'write',
  body: createFunctionBody,
  responses: { 201: { description: 'The new function.', schema: functionWithSecretSchema } },
  errors: ['CONFLICT', 'STORAGE_QUOTA_EXCEEDED'],
  showsSecret: true,
  handler: (api, { caller, body, keepAnswer }) =>
    answerKept(
      keepAnswer,
      (fn: AutomationFunction) => created(withSecret(fn), `/functions/${fn.id}`),
      (keep) => createFunction(api, caller, body, keep),
    ),
});

const get = defineRoute({
  method: 'get',
  path: '/functions/{id}',
  operationId: 'getFunction',
  tag,
  summary: 'Answers a function.',
  scope: 'read',
  params,
  responses: { 200: { description: 'The function.', schema: functionSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, params: { id } }) {
    return ok(functionJson(await findOwnFunction(api.store.db, caller.accountId, id)));
  },
});

const update = defineRoute({
  method: 'patch',
  path: '/functions/{id}',
  operationId: 'updateFunction',
  tag,
  summary: 'Changes a function: all given fields, or none if one of them is refused.',
  scope: 'write',
  params,
  body: updateFunctionBody,
  responses: { 200: { description: 'The changed function.', schema: functionSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, params: { id }, body }) {
    return ok(functionJson(await updateFunction(api, caller, { id, body })));
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/functions/{id}',
  operationId: 'deleteFunction',
  tag,
  summary: 'Deletes a function that no enabled job uses.',
  scope: 'write',
  params,
  responses: { 200: { description: 'The function that was deleted.', schema: functionSchema } },
  errors: ['NOT_FOUND', 'CONFLICT'],
  async handler(api, { caller, params: { id } }) {
    return ok(functionJson(await removeFunction(api, caller, id)));
  },
});

const rotate = defineRoute({
  method: 'post',
  path: '/functions/{id}/rotate-secret',
  operationId: 'rotateFunctionSecret',
  tag,
  summary:
    'Gives the function a new signing secret, shown this once. The old one signs beside it for a while.',
  scope: 'write',
  params,
  body: rotateSecretBody,
  responses: { 200: { description: 'The function and its new secret.', schema: functionWithSecretSchema } },
  errors: ['NOT_FOUND'],
  showsSecret: true,
  handler: (api, { caller, params: { id }, body, keepAnswer }) =>
    answerKept(
      keepAnswer,
      (fn: AutomationFunction) => ok(withSecret(fn)),
      (keep) => rotateSecret(api, caller, { ...body, id }, keep),
    ),
});

function withSecret(fn: AutomationFunction) {
  return { ...functionJson(fn), secret: fn.secret };
}

const test = defineRoute({
  method: 'post',
  path: '/functions/{id}/test',
  operationId: 'testFunction',
  tag,
  summary:
    'Makes one request to the function, as a worker would but for 30 seconds at most, and answers what came of it.',
  scope: 'write',
  params,
  body: Joi.object<TestBody>({
    phase: Joi.string()
      .valid(...PHASES)
      .default('check'),
    payload: jsonObjectSchema(64).default({}),
  }),
  responses: { 200: { description: 'What came of it, be it good or bad.', schema: testSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, signal, params: { id }, body }) {
    return ok(testJson(await tryFunction(api, { caller, signal }, { ...body, id })));
  },
});

export const functionRoutes = [list, create, get, update, remove, rotate, test];
