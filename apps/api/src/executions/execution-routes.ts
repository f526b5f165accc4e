import { EXECUTION_STATUSES, type ExecutionStatus } from '@automation/domain';
import { executions } from '@automation/store';
import Joi from 'joi';

import { pageQuery, pageReply, type PageQuery, rowsFor } from '../http/page.ts';
import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { findOwnJob } from '../jobs/find-own-job.ts';
import { jobParams } from '../jobs/job-params.ts';
import { executionJson } from './execution-json.ts';
import { executionSchema } from './execution-schema.ts';
import { findOwnExecution } from './find-own-execution.ts';

const listExecutions = defineRoute({
  method: 'get',
  path: '/automation/jobs/{id}/executions',
  operationId: 'listExecutions',
  tag: 'Executions',
  summary: "Lists a job's executions, newest first.",
  scope: 'read',
  params: jobParams,
  query: Joi.object<ExecutionListQuery>({
    ...pageQuery(Joi.string().uuid()),
    status: Joi.string()
      .valid(...EXECUTION_STATUSES)
      .empty(''),
  }),
  responses: {
    200: { description: 'The executions of the page.', schema: Joi.array().items(executionSchema) },
  },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params, path, query }) {
    const job = await findOwnJob(api.store.db, caller.accountId, params.id);
    const { status, cursor } = query;
    const filter = { jobId: job.id, limit: rowsFor(query), status, cursor };
    const rows = await executions.list(api.store.db, filter);
    return pageReply(rows, { path, query }, executionJson);
  },
});

interface ExecutionListQuery extends PageQuery {
  status?: ExecutionStatus;
}

const getExecution = defineRoute({
  method: 'get',
  path: '/automation/executions/{id}',
  operationId: 'getExecution',
  tag: 'Executions',
  summary: 'Answers an execution.',
  scope: 'read',
  params: Joi.object<{ id: string }>({ id: Joi.string().required().description('Id of the execution.') }),
  responses: { 200: { description: 'The execution.', schema: executionSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params }) {
    return ok(executionJson(await findOwnExecution(api.store.db, caller.accountId, params.id)));
  },
});

export const executionRoutes = [listExecutions, getExecution];
