import { type FunctionHealth, measureFunctionHealth, readBriefly } from '@automation/store';
import Joi from 'joi';

import { instant, instantSchema } from '../http/instant.ts';
import { ok } from '../http/reply.ts';
import { defineRoute } from '../http/route.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A server in trouble is not to be kept busy by questions about it. */
const TIMEOUT_MS = 3_000;
const SAMPLE = { mostJobs: 2_000, mostExecutions: 20_000 };

const functionHealth = Joi.object({
  function_id: Joi.string().required(),
  finished: count('Executions that it answered, or failed to, in the last hour.'),
  failed: count('Those of them that failed or timed out.'),
  failing_share: Joi.number().min(0).max(1).allow(null).required().description('Null if none has finished.'),
  duration_ms: Joi.object({
    p50: count('Half of them took so long at most.').allow(null),
    p95: count('All but 5 % of them.').allow(null),
  })
    .required()
    .description('From start to completion, retries included; null if none has finished.'),
  last_failure: Joi.object({
    at: instantSchema('When it was recorded.'),
    reason: Joi.string().allow('', null).required(),
  })
    .allow(null)
    .required(),
  waiting: count('Executions that wait for its open circuit breaker.'),
}).id('FunctionHealth');

function count(description: string): Joi.NumberSchema {
  return Joi.number().integer().min(0).required().description(description);
}

export const functionHealthRoute = defineRoute({
  method: 'get',
  path: '/automation/function-health',
  operationId: 'functionHealth',
  tag: 'Functions',
  summary: "How the functions do that the account's executions invoked in the last hour, the worst first.",
  scope: 'read',
  responses: {
    200: {
      description: `By the newest executions, ${SAMPLE.mostExecutions} at most, of the jobs that ran last, ${SAMPLE.mostJobs} at most.`,
      schema: Joi.array().items(functionHealth),
    },
  },
  errors: [],
  async handler({ store, clock }, { caller: { accountId } }) {
    const at = (sinceNow: number) => new Date(clock.now().getTime() + sinceNow);
    // What waits may have been scheduled hours ago; a day ahead there are partitions, however the clocks differ.
    const scheduled = { from: at(-DAY_MS), to: at(DAY_MS) };
    const sample = { ...SAMPLE, accountId, finishedFrom: at(-HOUR_MS), scheduled };
    const health = await readBriefly(store.db, TIMEOUT_MS, (trx) => measureFunctionHealth(trx, sample));
    return ok(health.map(healthJson));
  },
});

function healthJson({ finished, failed, lastFailedAt, lastReason, ...health }: FunctionHealth) {
  return {
    function_id: health.functionId,
    finished,
    failed,
    failing_share: finished === 0 ? null : Math.round((1_000 * failed) / finished) / 1_000,
    duration_ms: { p50: health.p50, p95: health.p95 },
    last_failure: lastFailedAt && { at: instant(lastFailedAt), reason: lastReason },
    waiting: health.waiting,
  };
}
