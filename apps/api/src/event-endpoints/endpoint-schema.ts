import { EVENT_SELECTORS } from '@automation/domain';
import Joi from 'joi';

import { instantSchema } from '../http/instant.ts';

const fields = {
  id: Joi.string().required(),
  account_id: Joi.string().required(),
  url: Joi.string().required(),
  types: Joi.array()
    .items(Joi.string().valid(...EVENT_SELECTORS))
    .required(),
  enabled: Joi.boolean().required(),
  disabled_reason: Joi.string().allow(null).required().description('Why the service disabled it.'),
  delivered_position: Joi.number()
    .integer()
    .required()
    .description('Id of an event up to which it has taken all of its events.'),
  failed_attempts: Joi.number().integer().required().description('Deliveries in a row that failed.'),
  failing_since: instantSchema('When the first of them was made.').allow(null),
  last_error: Joi.string().allow(null, '').required().description('What the last of them came to.'),
  next_attempt_at: instantSchema('When the next one is due, unless it is now.').allow(null),
  created_at: instantSchema('When the endpoint was registered.'),
  updated_at: instantSchema('When the endpoint last changed.'),
};

/** An event endpoint in an answer (SPEC 5), for the OpenAPI document. */
export const endpointSchema = Joi.object(fields).id('EventEndpoint');

/** The answers that show the secret, each the only time. */
export const endpointWithSecretSchema = Joi.object({
  ...fields,
  secret: Joi.string().required().description('Signs the requests (Standard Webhooks); shown this once.'),
}).id('EventEndpointWithSecret');
