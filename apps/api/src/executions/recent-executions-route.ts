import { EXECUTION_STATUSES, TRIGGERS } from '@automation/domain';
import { listRecentExecutions, type RecentExecution } from '@automation/store';
import Joi from 'joi';

import { instant, instantSchema } from '../http/instant.ts';
import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { jobIdsSchema } from '../jobs/job-ids-schema.ts';

const MOST_JOBS = 100;
const MOST_EXECUTIONS = 50;
const DAY_MS = 86_400_000;
/** How far back executions are looked for: a job that runs seldom isn't to search a year of history. */
const DAYS = 30;

interface RecentQuery {
  job_ids: string[];
  count: number;
}

const query = Joi.object<RecentQuery>({
  job_ids: jobIdsSchema(MOST_JOBS).required(),
  count: Joi.number()
    .integer()
    .min(1)
    .max(MOST_EXECUTIONS)
    .empty('')
    .default(20)
    .description('Executions of each job.'),
});

const recentExecution = Joi.object({
  id: Joi.string().uuid().required(),
  status: Joi.string()
    .valid(...EXECUTION_STATUSES)
    .required(),
  trigger: Joi.string()
    .valid(...TRIGGERS)
    .required(),
  scheduled_for: instantSchema('The occurrence that it stands for.'),
  duration_ms: milliseconds('From start to completion.'),
  lag_ms: milliseconds('From when it was due to when a worker took it up.'),
}).id('RecentExecution');

function milliseconds(description: string): Joi.NumberSchema {
  return Joi.number().integer().allow(null).required().description(description);
}

/** What became of many jobs lately, for a list of them: an answer of one job's executions at a time would be a hundred. */
export const recentExecutionsRoute = defineRoute({
  method: 'get',
  path: '/automation/recent-executions',
  operationId: 'recentExecutions',
  tag: 'Executions',
  summary: `The newest executions of several jobs, of the last ${DAYS} days.`,
  scope: 'read',
  query,
  responses: {
    200: {
      description: "By the job's id, newest first. Jobs that the account doesn't have are left out.",
      schema: Joi.object().pattern(Joi.string(), Joi.array().items(recentExecution)),
    },
  },
  errors: [],
  async handler(api, { caller: { accountId }, query: { job_ids: jobIds, count } }) {
    const now = api.clock.now().getTime();
    // A day further than now: clocks differ, and partitions stand ready for it.
    const span = { from: new Date(now - DAYS * DAY_MS), to: new Date(now + DAY_MS) };
    const byJob = await listRecentExecutions(api.store.db, { accountId, jobIds, count, ...span });
    return ok(Object.fromEntries([...byJob].map(([id, recent]) => [id, recent.map(recentJson)])));
  },
});

function recentJson({ dueAt, startedAt, completedAt, ...execution }: RecentExecution) {
  return {
    id: execution.id,
    status: execution.status,
    trigger: execution.trigger,
    scheduled_for: instant(execution.scheduledFor),
    duration_ms: startedAt && completedAt && completedAt.getTime() - startedAt.getTime(),
    lag_ms: startedAt && startedAt.getTime() - dueAt.getTime(),
  };
}
