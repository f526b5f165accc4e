import { recordOutcomes } from '@automation/dispatch';
import {
  AppError,
  type AttemptResult,
  checkInput,
  conflict,
  type Execution,
  isId,
  type JsonObject,
  notFound,
  settle,
} from '@automation/domain';
import { readEnvelope } from '@automation/invoker';
import { executions, findOpenAttempt, type OpenAttempt } from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { TokenCall } from '../http/route.ts';

/** The status of the answer with which the function accepted. */
const ACCEPTED = 202;

/**
 * Records what a function says of an attempt that it accepted before (SPEC 4, async completion): the same as if it had
 * answered so at once. Throws FORBIDDEN for a token that is not the attempt's, CONFLICT if it came too late.
 */
export async function completeExecution(
  api: ApiDependencies,
  { id, token, requestId }: TokenCall & { id: string },
  envelope: JsonObject,
): Promise<Execution> {
  const result = readEnvelope(ACCEPTED, envelope);
  const { open, completedAt, settlement, recorded } = await recordCompletion(api, { id, token }, result);
  const { jobId, accountId, functionId, phase } = open;
  api.metrics.executions.recorded(open, settlement, result.kind);
  const ids = { job_id: jobId, execution_id: id, account_id: accountId, function_id: functionId };
  api.logger.info('execution completed by its function', {
    status: settlement.status,
    phase,
    attempt: open.number,
    duration_ms: completedAt.getTime() - open.startedAt.getTime(),
    ...ids,
    request_id: requestId,
  });
  if (recorded.job?.status) {
    api.logger.info(`job ${recorded.job.status}`, {
      reason: recorded.job.statusReason,
      ...ids,
      enabled: false,
      request_id: requestId,
    });
  }
  return requireExecution(api, id);
}

/** Starts anew if the attempt changed hands meanwhile: a worker recorded its 202, or took up its deadline. */
async function recordCompletion(
  api: ApiDependencies,
  { id, token }: { id: string; token: string },
  result: AttemptResult,
) {
  for (;;) {
    const open = await requireOpenAttempt(api, id, token);
    const completedAt = api.clock.now();
    const settlement = settle(attemptOf(open, completedAt), result);
    const outcome = { settled: [{ execution: open, settlement }], completed: [] };
    const [recorded] = await recordOutcomes(api.store.db, api.queue, outcome);
    if (recorded !== undefined) return { open, completedAt, settlement, recorded };
  }
}

async function requireOpenAttempt(api: ApiDependencies, id: string, token: string): Promise<OpenAttempt> {
  const isWellFormed = isId(id) && UUID.test(token);
  const open = isWellFormed ? await findOpenAttempt(api.store.db, { id, token }) : undefined;
  if (open === undefined) {
    await requireExecution(api, id);
    throw new AppError('FORBIDDEN', 'forbidden: not the completion token of the attempt under way');
  }
  if (open.finishedAt !== null) throw conflict(`execution ${id} has finished already: ${open.status}`);
  return open;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

async function requireExecution(api: ApiDependencies, id: string): Promise<Execution> {
  const execution = isId(id) ? await executions.find(api.store.db, id) : undefined;
  if (execution === undefined) throw notFound('execution', id);
  return execution;
}

function attemptOf(open: OpenAttempt, completedAt: Date) {
  const { id: executionId, jobId, payload, performInput } = open;
  const input = performInput ?? checkInput(jobId, payload);
  return { ...open, executionId, input, timeoutMs: 0, completedAt };
}
