import Joi from 'joi';

import { ERROR_KINDS } from '../http/error-kinds.ts';

/** An error in an answer (SPEC 5). */
export const errorSchema = Joi.object({
  error: Joi.string().required().description('The kind of error, in lower case.'),
  message: Joi.string().required().description('What is wrong, for a person.'),
  code: Joi.string()
    .valid(...Object.keys(ERROR_KINDS))
    .required(),
  details: Joi.array()
    .items(Joi.object({ field: Joi.string().required(), message: Joi.string().required() }))
    .description('Every problem with the input.'),
  request_id: Joi.string()
    .required()
    .description('The `X-Request-Id` of the request, to be named to support.'),
}).id('Error');
