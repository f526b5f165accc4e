import { readSchedule, requireNextRun, upcomingRuns } from '@automation/domain';
import { parseSchedule, upcoming } from '@automation/schedule';
import Joi from 'joi';

import { instantInput } from '../http/instant.ts';
import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';
import { findOwnJob } from '../jobs/find-own-job.ts';
import { jobParams } from '../jobs/job-params.ts';
import { scheduleSchema, timezoneSchema } from './schedule-schema.ts';
import { upcomingJson, upcomingSchema } from './upcoming-json.ts';

const DEFAULT_COUNT = 10;
const LARGEST_COUNT = 100;

function count(): Joi.NumberSchema {
  return Joi.number()
    .integer()
    .min(1)
    .max(LARGEST_COUNT)
    .default(DEFAULT_COUNT)
    .description('How many runs to answer, at most.');
}

interface PreviewBody {
  schedule: string;
  timezone: string;
  from?: Date;
  count: number;
}

const preview = defineRoute({
  method: 'post',
  path: '/automation/schedules/preview',
  operationId: 'previewSchedule',
  tag: 'Schedules',
  summary: 'Reads a schedule aloud and answers when it would be due.',
  scope: 'read',
  body: Joi.object<PreviewBody>({
    schedule: scheduleSchema().required(),
    timezone: timezoneSchema().default('UTC'),
    from: instantInput('Runs later than this; now by default.'),
    count: count(),
  }).id('SchedulePreview'),
  responses: { 200: { description: 'The schedule and its next runs.', schema: upcomingSchema } },
  errors: [],
  async handler(api, { body }) {
    const after = body.from ?? api.clock.now();
    requireNextRun({ ...body, anchor: after, startAt: null }, after);
    const schedule = parseSchedule(body.schedule, body.timezone);
    return ok(upcomingJson(schedule, upcoming(schedule, { after, anchor: after, count: body.count })));
  },
});

const upcomingOfJob = defineRoute({
  method: 'get',
  path: '/automation/jobs/{id}/upcoming',
  operationId: 'listUpcoming',
  tag: 'Schedules',
  summary: 'Answers when a job runs next: nothing while it is paused or once it is completed.',
  scope: 'read',
  params: jobParams,
  query: Joi.object<{ count: number }>({ count: count().empty('') }),
  responses: { 200: { description: "The job's schedule and its next runs.", schema: upcomingSchema } },
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  async handler(api, { caller, params, query }) {
    const job = await findOwnJob(api.store.db, caller.accountId, params.id);
    const schedule = readSchedule(job);
    return ok(upcomingJson(schedule, upcomingRuns(job, query.count)));
  },
});

export const scheduleRoutes = [preview, upcomingOfJob];
