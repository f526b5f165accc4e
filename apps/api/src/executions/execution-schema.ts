import { EXECUTION_STATUSES, MOST_LOGGED_ATTEMPTS, PHASE_STATUSES, TRIGGERS } from '@automation/domain';
import Joi from 'joi';

import { instantSchema } from '../http/instant.ts';

const milliseconds = (description: string) =>
  Joi.number().integer().min(0).allow(null).required().description(description);

/** An attempt of a phase in an answer. */
const attemptSchema = Joi.object({
  attempt: Joi.number().integer().min(1).required().description('Which one it is; 1 is the first.'),
  started_at: instantSchema('When it began.'),
  completed_at: instantSchema('When it ended; if it was accepted (202), when it was completed.'),
  status: Joi.string()
    .valid(...PHASE_STATUSES)
    .required(),
  http_status: Joi.number().integer().allow(null).required(),
  error: Joi.string().allow('').required(),
  connect_ms: milliseconds('Waiting for a connection, looking up the host and connecting. 0: there was one.'),
  wait_ms: milliseconds("From the request to the answer's headers; null if no request was sent."),
  body_ms: milliseconds("Reading the answer's body; null if no answer came."),
  retry_at: instantSchema('When the next attempt was planned for.').allow(null),
}).id('Attempt');

/** A phase in an answer: the seed's FunctionExecution (SPEC 3). */
const phaseSchema = Joi.object({
  id: Joi.string().required().description('The `Idempotency-Key` of the phase.'),
  account_id: Joi.string().required(),
  function_id: Joi.string().required(),
  input: Joi.object().unknown().required(),
  output: Joi.object().unknown().required(),
  logs: Joi.array().items(Joi.string().allow('')).required(),
  error: Joi.string().allow('').required(),
  status: Joi.string()
    .valid(...PHASE_STATUSES)
    .required(),
  started_at: instantSchema('When the latest attempt began.'),
  completed_at: instantSchema('When the latest attempt ended.'),
  duration: Joi.number().integer().min(0).required().description('Milliseconds of the latest attempt.'),
  attempts: Joi.number().integer().min(1).required().description('HTTP requests made.'),
  http_status: Joi.number().integer().allow(null).required(),
  attempt_log: Joi.array()
    .items(attemptSchema)
    .required()
    .description(
      `The last ${MOST_LOGGED_ATTEMPTS} attempts, the latest last, without those that a crash ended.`,
    ),
}).allow(null);

/** An execution in an answer (SPEC 3), for the OpenAPI document. */
export const executionSchema = Joi.object({
  id: Joi.string().uuid().required(),
  job_id: Joi.string().uuid().required(),
  account_id: Joi.string().required(),
  function_id: Joi.string().required(),
  trigger: Joi.string()
    .valid(...TRIGGERS)
    .required(),
  scheduled_for: instantSchema('The occurrence that it stands for; of a manual run, when it was asked for.'),
  status: Joi.string()
    .valid(...EXECUTION_STATUSES)
    .required(),
  reason: Joi.string().allow(null).required().description('Why it did not run, or did not succeed.'),
  check: phaseSchema.required(),
  perform: phaseSchema.required(),
  created_at: instantSchema('When it was claimed or asked for.'),
  started_at: instantSchema('When a worker first took it up.').allow(null),
  completed_at: instantSchema('When its outcome was recorded.').allow(null),
  duration_ms: Joi.number().integer().allow(null).required().description('From start to completion.'),
}).id('Execution');
