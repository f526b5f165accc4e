import {
  CATCH_UP_POLICIES,
  type CatchUpPolicy,
  JOB_DEFAULTS,
  type JobPatch,
  type JsonObject,
  OVERLAP_POLICIES,
  type OverlapPolicy,
} from '@automation/domain';
import Joi from 'joi';

import { type Defined, defined } from '../defined.ts';
import { instantInput } from '../http/instant.ts';
import { jsonObjectSchema } from '../http/json-object-schema.ts';
import { lineSchema, nameSchema, textSchema } from '../http/text-schema.ts';
import { scheduleSchema, timezoneSchema } from '../schedules/schedule-schema.ts';

/** What a user may say of a job (SPEC 1). */
export interface JobFields {
  function_id?: string;
  name?: string;
  description?: string;
  schedule?: string;
  enabled?: boolean;
  timezone?: string;
  payload?: JsonObject;
  metadata?: JsonObject;
  max_runs?: number;
  retry_limit?: number;
  timeout_seconds?: number | null;
  pause_after_failures?: number;
  overlap_policy?: OverlapPolicy;
  catch_up_policy?: CatchUpPolicy;
  catch_up_window_seconds?: number;
  jitter_seconds?: number;
  start_at?: Date | null;
  end_at?: Date | null;
}

export interface CreateJobBody extends JobFields {
  account_id?: string;
  function_id: string;
  name: string;
  schedule: string;
}

const MOST_RUNS = 1e9;
const LONGEST_CATCH_UP_SECONDS = 30 * 86_400;
const LONGEST_JITTER_SECONDS = 86_400;

const functionId = lineSchema(128).description('The function to invoke; it must be one of the account.');
const name = nameSchema().description('Unique in the account without regard to case.');
const schedule = scheduleSchema();

const optionalFields = {
  description: textSchema(4_096),
  enabled: Joi.boolean().description('false pauses the job.'),
  timezone: timezoneSchema(),
  payload: jsonObjectSchema(64).description(
    'What the function is sent beside the reserved keys; at most 64 KiB.',
  ),
  metadata: jsonObjectSchema(16).description("The user's own notes; at most 16 KiB."),
  max_runs: integer(0, MOST_RUNS, 'Performs after which the job is completed; 0 = unlimited.'),
  retry_limit: integer(
    0,
    10,
    `Attempts after the first one, per phase; ${JOB_DEFAULTS.retryLimit} by default.`,
  ),
  timeout_seconds: integer(1, 900, "Seconds per attempt; null = the function's own.").allow(null),
  pause_after_failures: integer(
    0,
    1_000,
    'Failed executions in a row after which the job is paused; 0 = never.',
  ),
  overlap_policy: Joi.string()
    .valid(...OVERLAP_POLICIES)
    .description(
      `When the previous execution has not finished; \`${JOB_DEFAULTS.overlapPolicy}\` by default.`,
    ),
  catch_up_policy: Joi.string()
    .valid(...CATCH_UP_POLICIES)
    .description(`What runs of missed occurrences; \`${JOB_DEFAULTS.catchUpPolicy}\` by default.`),
  catch_up_window_seconds: integer(
    0,
    LONGEST_CATCH_UP_SECONDS,
    `How far back \`all\` reaches; ${JOB_DEFAULTS.catchUpWindowSeconds} by default.`,
  ),
  jitter_seconds: integer(0, LONGEST_JITTER_SECONDS, 'Most seconds that an occurrence is delayed by.'),
  start_at: instantInput('No occurrence before this; `@every` counts from it.').allow(null),
  end_at: instantInput('No occurrence after this; the job is completed then.').allow(null),
};

/** The fields stand in the order in which the seed reports the first missing one: account, function, name, schedule. */
export const createJobBody = Joi.object<CreateJobBody>({
  account_id: lineSchema(128).description("May be given if it is the caller's own."),
  function_id: functionId.required(),
  name: name.required(),
  schedule: schedule.required(),
  ...optionalFields,
}).id('JobCreate');

export const updateJobBody = Joi.object<JobFields>({
  function_id: functionId,
  name,
  schedule,
  ...optionalFields,
}).id('JobUpdate');

/** The given fields under the domain's names. */
export function toPatch(body: JobFields): Defined<JobPatch> {
  return defined({
    functionId: body.function_id,
    name: body.name,
    description: body.description,
    schedule: body.schedule?.trim(),
    enabled: body.enabled,
    timezone: body.timezone,
    payload: body.payload,
    metadata: body.metadata,
    maxRuns: body.max_runs,
    retryLimit: body.retry_limit,
    timeoutSeconds: body.timeout_seconds,
    pauseAfterFailures: body.pause_after_failures,
    overlapPolicy: body.overlap_policy,
    catchUpPolicy: body.catch_up_policy,
    catchUpWindowSeconds: body.catch_up_window_seconds,
    jitterSeconds: body.jitter_seconds,
    startAt: body.start_at,
    endAt: body.end_at,
  });
}

function integer(min: number, max: number, description: string): Joi.NumberSchema {
  return Joi.number().integer().min(min).max(max).description(description);
}
