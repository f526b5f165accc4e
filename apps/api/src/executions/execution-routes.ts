import {
  EXECUTION_STATUSES,
  type ExecutionStatus,
  isTooDeep,
  type JsonObject,
  MAX_JSON_DEPTH,
} from '@automation/domain';
import { executions, SORT_ORDERS, type SortOrder } from '@automation/store';
import Joi from 'joi';

import { emptyBody } from '../http/empty-body.ts';
import { cutPageReply, idCursor, type PageOfRows, pageQuery, type PageQuery } from '../http/page.ts';
import { ok } from '../http/reply.ts';
import { defineRoute, defineTokenRoute } from '../http/route.ts';
import { findOwnJob } from '../jobs/find-own-job.ts';
import { jobParams } from '../jobs/job-params.ts';
import { cancelExecution } from './cancel-execution.ts';
import { completeExecution } from './complete-execution.ts';
import { COMPLETION_TOKEN_HEADER } from './completion-token.ts';
import { executionJson } from './execution-json.ts';
import { executionSchema } from './execution-schema.ts';
import { findOwnExecution } from './find-own-execution.ts';

const executionParams = Joi.object<{ id: string }>({
  id: Joi.string().required().description('Id of the execution.'),
});

const listExecutions = defineRoute({
  method: 'get',
  path: '/automation/jobs/{id}/executions',
  operationId: 'listExecutions',
  tag: 'Executions',
  summary: "Lists a job's executions, newest first unless told otherwise.",
  scope: 'read',
  params: jobParams,
  query: Joi.object<ExecutionListQuery>({
    ...pageQuery(idCursor),
    status: Joi.string()
      .valid(...EXECUTION_STATUSES)
      .empty(''),
    order: Joi.string()
      .valid(...SORT_ORDERS)
      .empty('')
      .default('desc')
      .description('By when they were scheduled for.'),
  }),
  responses: {
    200: {
      description: 'The executions of the page: fewer than its limit if they are large.',
      schema: Joi.array().items(executionSchema),
    },
  },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params, path, query }) {
    const job = await findOwnJob(api.store.db, caller.accountId, params.id);
    const { status, order } = query;
    const read = (page: PageOfRows) =>
      executions.list(api.store.db, { jobId: job.id, status, order, ...page });
    return cutPageReply({ path, query, read }, executionJson);
  },
});

interface ExecutionListQuery extends PageQuery {
  status?: ExecutionStatus;
  order: SortOrder;
}

const getExecution = defineRoute({
  method: 'get',
  path: '/automation/executions/{id}',
  operationId: 'getExecution',
  tag: 'Executions',
  summary: 'Answers an execution.',
  scope: 'read',
  params: executionParams,
  responses: { 200: { description: 'The execution.', schema: executionSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params }) {
    return ok(executionJson(await findOwnExecution(api.store.db, caller.accountId, params.id)));
  },
});

const cancel = defineRoute({
  method: 'post',
  path: '/automation/executions/{id}/cancel',
  operationId: 'cancelExecution',
  tag: 'Executions',
  summary:
    'Cancels an execution that has not finished; a request to its function that is under way is aborted.',
  scope: 'write',
  params: executionParams,
  body: emptyBody,
  responses: { 200: { description: 'The cancelled execution.', schema: executionSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
  async handler(api, { caller, params }) {
    return ok(executionJson(await cancelExecution(api, caller, params.id)));
  },
});

const complete = defineTokenRoute({
  method: 'post',
  path: '/automation/executions/{id}/complete',
  operationId: 'completeExecution',
  tag: 'Executions',
  summary: 'Says what came of an attempt that the function answered with 202 and `{"async": true}`.',
  tokenHeader: COMPLETION_TOKEN_HEADER,
  bodySize: 'large',
  params: executionParams,
  body: Joi.object<JsonObject>({
    output: Joi.object().unknown().custom(refuseDepth).description('What the function would have answered.'),
    logs: Joi.array().items(Joi.string().allow('')),
    error: Joi.string().allow('').description('Not empty: the attempt failed, for good.'),
    status: Joi.string().allow('').description('`failed` or `error`: the attempt failed, for good.'),
  }),
  responses: { 200: { description: 'The execution.', schema: executionSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
  async handler(api, { params, token, requestId, body }) {
    return ok(executionJson(await completeExecution(api, { id: params.id, token, requestId }, body)));
  },
});

function refuseDepth(output: JsonObject, helpers: Joi.CustomHelpers): JsonObject | Joi.ErrorReport {
  const custom = `{{#label}} must not be nested deeper than ${MAX_JSON_DEPTH} levels`;
  return isTooDeep(output) ? helpers.message({ custom }) : output;
}

export const executionRoutes = [listExecutions, getExecution, cancel, complete];
