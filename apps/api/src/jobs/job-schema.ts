import { CATCH_UP_POLICIES, JOB_STATUS_CODES, JOB_STATUSES, OVERLAP_POLICIES } from '@automation/domain';
import Joi from 'joi';

import { instantSchema } from '../http/instant.ts';

const codes = Object.entries(JOB_STATUS_CODES)
  .map(([name, code]) => `${code} ${name}`)
  .join(', ');

/** A job in an answer (SPEC 1), for the OpenAPI document. */
export const jobSchema = Joi.object({
  id: Joi.string().uuid().required(),
  account_id: Joi.string().required(),
  function_id: Joi.string().required(),
  name: Joi.string().required(),
  description: Joi.string().allow('').required(),
  schedule: Joi.string().required(),
  status: Joi.string()
    .valid(...JOB_STATUSES)
    .required()
    .description(`Codes of the contract: ${codes}.`),
  enabled: Joi.boolean().required(),
  run_count: count('Performs that reached a final outcome.'),
  max_runs: count('Performs after which the job is completed; 0 = unlimited.'),
  last_run: instantSchema('When the latest execution finished.').allow(null),
  next_run: instantSchema('Null whenever the job will not run by itself.').allow(null),
  created_at: instantSchema('When the job was created.'),
  updated_at: instantSchema('When the job last changed.'),
  timezone: Joi.string().required(),
  payload: Joi.object().unknown().required(),
  overlap_policy: Joi.string()
    .valid(...OVERLAP_POLICIES)
    .required(),
  catch_up_policy: Joi.string()
    .valid(...CATCH_UP_POLICIES)
    .required(),
  catch_up_window_seconds: count('How far back missed occurrences are caught up.'),
  jitter_seconds: count('Most seconds that an occurrence is delayed by.'),
  start_at: instantSchema('No occurrence before this.').allow(null),
  end_at: instantSchema('No occurrence after this.').allow(null),
  retry_limit: count('Attempts after the first one, per phase.'),
  timeout_seconds: count("Seconds per attempt; null = the function's own.").allow(null),
  pause_after_failures: count('Failed executions in a row after which the job is paused; 0 = never.'),
  consecutive_failures: count('Failed executions in a row, the latest included.'),
  check_count: count('Checks that reached a final outcome.'),
  metadata: Joi.object().unknown().required(),
}).id('Job');

function count(description: string): Joi.NumberSchema {
  return Joi.number().integer().min(0).required().description(description);
}
