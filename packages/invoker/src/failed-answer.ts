import { STATUS_CODES } from 'node:http';
import { isRedirect } from './answer-head.ts';
import type { ReceivedAnswer } from './exchange.ts';
import { type InvocationResult, rejected } from './invocation.ts';
import { plainText } from './plain-text.ts';
import { parseRetryAfter } from './retry-after.ts';

const MAX_ERROR_LENGTH = 500;

/**
 * Reads an answer other than 2xx (SPEC 4): 410 is gone; 408, 425, 429 and 5xx are worth another attempt; the rest,
 * redirects included, is permanent. The error is the status and at most 500 characters of the body. The status has decided
 * already: a body that broke off takes only the explanation away.
 */
export function readFailedAnswer(answer: ReceivedAnswer): InvocationResult {
  const { httpStatus } = answer;
  const status = `HTTP ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`.trimEnd();
  if (isRedirect(answer)) return rejected(httpStatus, `${status}: redirects are not followed`);
  const explanation = explanationOf(answer);
  const error = explanation === '' ? status : `${status}: ${explanation}`;
  if (httpStatus === 410) return { kind: 'gone', httpStatus, error };
  if (isWorthAnotherAttempt(httpStatus)) {
    const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], Date.now());
    return { kind: 'unavailable', httpStatus, error, retryAfterMs };
  }
  return rejected(httpStatus, error);
}

function isWorthAnotherAttempt(httpStatus: number): boolean {
  return httpStatus === 408 || httpStatus === 425 || httpStatus === 429 || httpStatus >= 500;
}

function explanationOf({ bytes, end }: ReceivedAnswer): string {
  return end instanceof Error ? '' : plainText(bytes.toString('utf8'), MAX_ERROR_LENGTH);
}
