import Joi from 'joi';

import { instantSchema } from '../http/instant.ts';

const fields = {
  id: Joi.string().required(),
  account_id: Joi.string().required(),
  name: Joi.string().required(),
  url: Joi.string().required(),
  headers: Joi.object().pattern(Joi.string(), Joi.string().allow('')).required(),
  timeout_seconds: Joi.number().integer().required(),
  created_at: instantSchema('When the function was registered.'),
  updated_at: instantSchema('When the function last changed.'),
};

/** A function in an answer (SPEC 5), for the OpenAPI document. */
export const functionSchema = Joi.object(fields).id('Function');

/** The answers that show the secret, each the only time. */
export const functionWithSecretSchema = Joi.object({
  ...fields,
  secret: Joi.string().required().description('Signs the requests (Standard Webhooks); shown this once.'),
}).id('FunctionWithSecret');
