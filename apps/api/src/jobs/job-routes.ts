import { type Execution, type Job, JOB_STATUSES, type JobStatus } from '@automation/domain';
import { JOB_SORTS, type JobOrder, jobs, NEWEST_FIRST, SORT_ORDERS } from '@automation/store';
import Joi from 'joi';

import { executionJson } from '../executions/execution-json.ts';
import { executionSchema } from '../executions/execution-schema.ts';
import { answerKept } from '../http/answer-kept.ts';
import { emptyBody } from '../http/empty-body.ts';
import { etag } from '../http/etag.ts';
import { cutPageReply, idCursor, type PageOfRows, pageQuery, type PageQuery } from '../http/page.ts';
import { accepted, created, ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { lineSchema } from '../http/text-schema.ts';
import { createJob } from './create-job.ts';
import { disableJob } from './disable-job.ts';
import { findOwnJob } from './find-own-job.ts';
import { createJobBody, toPatch, updateJobBody } from './job-input.ts';
import { jobIdsSchema } from './job-ids-schema.ts';
import { jobJson } from './job-json.ts';
import { jobParams } from './job-params.ts';
import { jobSchema } from './job-schema.ts';
import { runJob } from './run-job.ts';
import { updateJob } from './update-job.ts';

const MOST_IDS = 100;

const listJobs = defineRoute({
  method: 'get',
  path: '/automation/jobs',
  operationId: 'listJobs',
  tag: 'Jobs',
  summary: "Lists the account's jobs, newest first unless it is told otherwise.",
  scope: 'read',
  query: Joi.object<JobListQuery>({
    ...pageQuery(idCursor),
    status: Joi.string()
      .valid(...JOB_STATUSES)
      .empty(''),
    enabled: Joi.boolean().empty(''),
    function_id: lineSchema(128).empty(''),
    ids: jobIdsSchema(MOST_IDS).empty(''),
    q: lineSchema(200).empty('').description('Text that the name contains, whatever its case.'),
    sort: Joi.string()
      .valid(...JOB_SORTS)
      .empty('')
      .default(NEWEST_FIRST.sort)
      .description(
        'What the jobs are ordered by. Those without a value come last. By `next_run`, `last_run` or `run_count` each ' +
          "page reads all of the account's jobs.",
      ),
    order: Joi.string()
      .valid(...SORT_ORDERS)
      .empty('')
      .default(NEWEST_FIRST.order),
  }),
  responses: {
    200: {
      description: 'The jobs of the page: fewer than its limit if they are large.',
      schema: Joi.array().items(jobSchema),
    },
  },
  errors: [],
  async handler(api, { caller, path, query }) {
    const { function_id: functionId, status, enabled, ids, q, sort, order } = query;
    const filter = {
      accountId: caller.accountId,
      functionId,
      status,
      enabled,
      ids,
      q,
      order: { sort, order },
    };
    const read = (page: PageOfRows) => jobs.list(api.store.db, { ...filter, ...page });
    return cutPageReply({ path, query, read }, jobJson);
  },
});

interface JobListQuery extends PageQuery, JobOrder {
  status?: JobStatus;
  enabled?: boolean;
  function_id?: string;
  ids?: string[];
  q?: string;
}

const create = defineRoute({
  method: 'post',
  path: '/automation/jobs',
  operationId: 'createJob',
  tag: 'Jobs',
  summary: 'Creates a job.',
  scope: 'write',
  body: createJobBody,
  responses: { 201: { description: 'The new job.', schema: jobSchema } },
  errors: ['CONFLICT', 'STORAGE_QUOTA_EXCEEDED'],
  handler: (api, { caller, body, keepAnswer }) =>
    answerKept(keepAnswer, createReply, (keep) => createJob(api, caller, body, keep)),
});

function createReply(job: Job) {
  return created(jobJson(job), `/automation/jobs/${job.id}`, { ETag: etag(job.version) });
}

const get = defineRoute({
  method: 'get',
  path: '/automation/jobs/{id}',
  operationId: 'getJob',
  tag: 'Jobs',
  summary: 'Answers a job.',
  scope: 'read',
  params: jobParams,
  responses: { 200: { description: 'The job.', schema: jobSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params }) {
    const job = await findOwnJob(api.store.db, caller.accountId, params.id);
    return ok(jobJson(job), { ETag: etag(job.version) });
  },
});

const update = defineRoute({
  method: 'patch',
  path: '/automation/jobs/{id}',
  operationId: 'updateJob',
  tag: 'Jobs',
  summary: 'Changes a job: all given fields, or none if one of them is refused.',
  scope: 'write',
  params: jobParams,
  body: updateJobBody,
  responses: { 200: { description: 'The changed job.', schema: jobSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'PRECONDITION_FAILED'],
  async handler(api, { caller, params, body, ifMatch }) {
    const job = await updateJob(api, caller, { id: params.id, ifMatch, patch: toPatch(body) });
    return ok(jobJson(job), { ETag: etag(job.version) });
  },
});

const disable = defineRoute({
  method: 'delete',
  path: '/automation/jobs/{id}',
  operationId: 'deleteJob',
  tag: 'Jobs',
  summary: 'Disables a job. It is kept, with its history and its name.',
  scope: 'write',
  params: jobParams,
  responses: { 200: { description: 'The disabled job.', schema: jobSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'PRECONDITION_FAILED'],
  async handler(api, { caller, params, ifMatch }) {
    const job = await disableJob(api, caller, { id: params.id, ifMatch });
    return ok(jobJson(job), { ETag: etag(job.version) });
  },
});

const run = defineRoute({
  method: 'post',
  path: '/automation/jobs/{id}/run',
  operationId: 'runJob',
  tag: 'Jobs',
  summary: 'Runs a job now, whatever its schedule says.',
  scope: 'write',
  params: jobParams,
  body: emptyBody,
  responses: { 202: { description: 'The execution that was started.', schema: executionSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
  handler: (api, { caller, params, keepAnswer }) =>
    answerKept(keepAnswer, runReply, (keep) => runJob(api, caller, params.id, keep)),
});

function runReply(execution: Execution) {
  return accepted(executionJson(execution), `/automation/executions/${execution.id}`);
}

export const jobRoutes = [listJobs, create, get, update, disable, run];
