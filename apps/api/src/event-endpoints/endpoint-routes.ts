import type { EventEndpoint } from '@automation/domain';
import { eventEndpoints } from '@automation/store';
import Joi from 'joi';

import { rotateSecretBody } from '../functions/rotate-secret.ts';
import { answerKept } from '../http/answer-kept.ts';
import { idCursor, pageQuery, pageReply, type PageQuery, rowsFor } from '../http/page.ts';
import { created, ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { createEndpoint } from './create-endpoint.ts';
import { createEndpointBody, updateEndpointBody } from './endpoint-input.ts';
import { endpointJson } from './endpoint-json.ts';
import { endpointSchema, endpointWithSecretSchema } from './endpoint-schema.ts';
import { findOwnEndpoint } from './find-own-endpoint.ts';
import { removeEndpoint } from './remove-endpoint.ts';
import { rotateEndpointSecret } from './rotate-endpoint-secret.ts';
import { updateEndpoint } from './update-endpoint.ts';

const tag = 'Events';
const params = Joi.object<{ id: string }>({
  id: Joi.string().required().description('Id of the endpoint.'),
});

const list = defineRoute({
  method: 'get',
  path: '/automation/event-endpoints',
  operationId: 'listEventEndpoints',
  tag,
  summary: "Lists the account's event endpoints, newest first.",
  scope: 'read',
  query: Joi.object<PageQuery>(pageQuery(idCursor)),
  responses: {
    200: { description: 'The endpoints of the page.', schema: Joi.array().items(endpointSchema) },
  },
  errors: [],
  async handler(api, { caller, path, query }) {
    const page = { accountId: caller.accountId, limit: rowsFor(query), cursor: query.cursor };
    return pageReply(await eventEndpoints.list(api.store.db, page), { path, query }, endpointJson);
  },
});

const create = defineRoute({
  method: 'post',
  path: '/automation/event-endpoints',
  operationId: 'createEventEndpoint',
  tag,
  summary: 'Has events sent to an HTTP server from now on. The signing secret is shown this once.',
  scope: 'write',
  body: createEndpointBody,
  responses: { 201: { description: 'The new endpoint.', schema: endpointWithSecretSchema } },
  errors: ['CONFLICT', 'STORAGE_QUOTA_EXCEEDED'],
  showsSecret: true,
  handler: (api, { caller, body, keepAnswer }) =>
    answerKept(
      keepAnswer,
      (endpoint: EventEndpoint) =>
        created(withSecret(endpoint), `/automation/event-endpoints/${endpoint.id}`),
      (keep) => createEndpoint(api, caller, body, keep),
    ),
});

const get = defineRoute({
  method: 'get',
  path: '/automation/event-endpoints/{id}',
  operationId: 'getEventEndpoint',
  tag,
  summary: 'Answers an event endpoint, and how deliveries to it go.',
  scope: 'read',
  params,
  responses: { 200: { description: 'The endpoint.', schema: endpointSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, params: { id } }) {
    return ok(endpointJson(await findOwnEndpoint(api.store.db, caller.accountId, id)));
  },
});

const update = defineRoute({
  method: 'patch',
  path: '/automation/event-endpoints/{id}',
  operationId: 'updateEventEndpoint',
  tag,
  summary: 'Changes an event endpoint: all given fields, or none if one of them is refused.',
  scope: 'write',
  params,
  body: updateEndpointBody,
  responses: { 200: { description: 'The changed endpoint.', schema: endpointSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, params: { id }, body }) {
    return ok(endpointJson(await updateEndpoint(api, caller, { id, body })));
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/automation/event-endpoints/{id}',
  operationId: 'deleteEventEndpoint',
  tag,
  summary: 'Deletes an event endpoint. It is sent nothing more.',
  scope: 'write',
  params,
  responses: { 200: { description: 'The endpoint that was deleted.', schema: endpointSchema } },
  errors: ['NOT_FOUND'],
  async handler(api, { caller, params: { id } }) {
    return ok(endpointJson(await removeEndpoint(api, caller, id)));
  },
});

const rotateSecret = defineRoute({
  method: 'post',
  path: '/automation/event-endpoints/{id}/rotate-secret',
  operationId: 'rotateEventEndpointSecret',
  tag,
  summary:
    'Gives the endpoint a new signing secret, shown this once. The old one signs beside it for a while.',
  scope: 'write',
  params,
  body: rotateSecretBody,
  responses: { 200: { description: 'The endpoint and its new secret.', schema: endpointWithSecretSchema } },
  errors: ['NOT_FOUND'],
  showsSecret: true,
  handler: (api, { caller, params: { id }, body, keepAnswer }) =>
    answerKept(
      keepAnswer,
      (endpoint: EventEndpoint) => ok(withSecret(endpoint)),
      (keep) => rotateEndpointSecret(api, caller, { ...body, id }, keep),
    ),
});

function withSecret(endpoint: EventEndpoint) {
  return { ...endpointJson(endpoint), secret: endpoint.secret };
}

export const endpointRoutes = [list, create, get, update, remove, rotateSecret];
