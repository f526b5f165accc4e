import Joi from 'joi';

/** The body of a POST that says all that it has to say in its path; it may be left out. */
export const emptyBody = Joi.object<Record<string, never>>({});
