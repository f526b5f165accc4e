import { randomUUID } from 'node:crypto';

import {
  type AttemptResult,
  AppError,
  checkInput,
  type JsonObject,
  type Phase,
  performInput,
  signingSecrets,
} from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import type { Call } from '../http/route.ts';
import { findOwnFunction } from './find-own-function.ts';

export interface TestBody {
  phase: Phase;
  payload: JsonObject;
}

/** What stands in for the job's id in a test call, which belongs to no job. */
const TEST_JOB = 'test';

/** A proxy before the api seldom waits longer, so neither does a test call. */
const LONGEST_TEST_SECONDS = 30;

export interface TestOutcome {
  result: AttemptResult;
  /** Milliseconds. */
  durationMs: number;
}

/** Makes one request to a function as a worker would, signature included, and answers what came of it (SPEC 5). */
export async function tryFunction(
  api: ApiDependencies,
  { caller, signal }: Pick<Call, 'caller' | 'signal'>,
  test: TestBody & { id: string },
): Promise<TestOutcome> {
  const fn = await findOwnFunction(api.store.db, caller.accountId, test.id);
  const body =
    test.phase === 'check' ? checkInput(TEST_JOB, test.payload) : performInput(TEST_JOB, test.payload, {});
  const messageId = `test-${randomUUID()}:${test.phase}`;
  const headers = {
    ...fn.headers,
    'idempotency-key': messageId,
    'x-automation-account': fn.accountId,
    'x-automation-function': fn.id,
    'x-automation-phase': test.phase,
    'x-automation-attempt': '1',
  };
  const startedAt = performance.now();
  const timeoutMs = Math.min(fn.timeoutSeconds, LONGEST_TEST_SECONDS) * 1_000;
  const { url } = fn;
  const secrets = signingSecrets(fn, api.clock.now());
  const { result } = await api.invoker.invoke({ url, secrets, body, headers, messageId, timeoutMs }, signal);
  // Either the client has gone and reads no answer, or this process is about to stop.
  if (result.kind === 'aborted') throw new AppError('UNAVAILABLE', 'the test call was cut off, try again');
  return { result, durationMs: Math.round(performance.now() - startedAt) };
}
