import { EVENT_TYPES } from '@automation/domain';
import Joi from 'joi';

import { instantSchema } from '../http/instant.ts';

/** An event as streams and endpoints get it (SPEC 5), for the OpenAPI document. */
export const eventSchema = Joi.object({
  id: Joi.string().required().description('Its position among all events.'),
  type: Joi.string()
    .valid(...EVENT_TYPES, 'events.gap')
    .required()
    .description('`events.gap`: in place of events that are kept no longer.'),
  time: instantSchema('When it happened.'),
  account_id: Joi.string().required(),
  job_id: Joi.string().description('Of all but `events.gap`.'),
  execution_id: Joi.string().description('Of `execution.*` alone.'),
  data: Joi.object()
    .unknown()
    .required()
    .description('Status and reason; of `job.updated` what was changed.'),
}).id('Event');
