import type { AttemptResult } from '@automation/domain';
import Joi from 'joi';

import type { TestOutcome } from './try-function.ts';

const STATUSES = ['succeeded', 'accepted', 'failed', 'timed_out'] as const;

/** What a test call came to, as it is answered. */
export function testJson({ result, durationMs }: TestOutcome) {
  return {
    status: statusOf(result),
    http_status: result.httpStatus,
    output: 'output' in result ? result.output : {},
    logs: 'logs' in result ? result.logs : [],
    error: 'error' in result ? result.error : '',
    duration_ms: durationMs,
  };
}

export const testSchema = Joi.object({
  status: Joi.string()
    .valid(...STATUSES)
    .required()
    .description('`accepted`: the function would complete it later, which nothing waits for here.'),
  http_status: Joi.number().integer().allow(null).required(),
  output: Joi.object().unknown().required(),
  logs: Joi.array().items(Joi.string().allow('')).required(),
  error: Joi.string().allow('').required(),
  duration_ms: Joi.number().integer().min(0).required(),
}).id('FunctionTest');

function statusOf({ kind }: AttemptResult): (typeof STATUSES)[number] {
  return kind === 'succeeded' || kind === 'accepted' || kind === 'timed_out' ? kind : 'failed';
}
