import { validationError } from '@automation/domain';
import type Joi from 'joi';
import type { ValidationResult } from 'joi';

import { toProblem } from './to-problem.ts';

export type Part = 'params' | 'query' | 'body';

/**
 * A part of a request as its schema describes it; a part without a schema is undefined. Throws VALIDATION_ERROR with
 * every problem in `details`, and as message the first missing field, else the first problem (SPEC 5).
 */
export function readPart<T>(schema: Joi.ObjectSchema<T> | undefined, raw: unknown, part: Part): T;
export function readPart(schema: Joi.ObjectSchema | undefined, raw: unknown, part: Part): unknown {
  if (schema === undefined) return undefined;
  const result: ValidationResult<unknown> = schema.validate(raw, {
    abortEarly: false,
    // JSON says what it means; a query is text, whatever it stands for.
    convert: part !== 'body',
    errors: { wrap: { label: false } },
  });
  if (result.error === undefined) return result.value;
  const problems = result.error.details.map((detail) => toProblem(detail, part));
  const main = problems.find(({ message }) => message.startsWith('required: ')) ?? problems[0];
  throw validationError(main?.message ?? `${part} is not valid`, problems);
}
