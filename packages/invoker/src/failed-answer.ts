import { STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { discard, readAtMost } from './body.ts';
import { type InvocationResult, rejected } from './invocation.ts';
import { plainText } from './plain-text.ts';
import { parseRetryAfter } from './retry-after.ts';

const MAX_ERROR_LENGTH = 500;
/** Room for 500 characters of any length, and enough of most error pages to keep their connection alive. */
const MAX_ERROR_BYTES = 16 * 1024;

/**
 * Reads an answer other than 2xx (SPEC 4): 410 is gone; 408, 425, 429 and 5xx are worth another attempt; the rest,
 * redirects included, is permanent. The error is the status and at most 500 characters of the body.
 * @param caller once it is aborted, a body that breaks off is an error again
 * @throws what the body reports if it breaks off after the caller has aborted
 */
export async function readFailedAnswer(
  response: Dispatcher.ResponseData,
  caller: AbortSignal,
): Promise<InvocationResult> {
  const httpStatus = response.statusCode;
  const status = `HTTP ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`.trimEnd();
  if (httpStatus >= 300 && httpStatus < 400) {
    discard(response.body);
    return rejected(httpStatus, `${status}: redirects are not followed`);
  }
  const explanation = await readExplanation(response, caller);
  const error = explanation === '' ? status : `${status}: ${explanation}`;
  if (httpStatus === 410) return { kind: 'gone', httpStatus, error };
  if (isWorthAnotherAttempt(httpStatus)) {
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'], Date.now());
    return { kind: 'unavailable', httpStatus, error, retryAfterMs };
  }
  return rejected(httpStatus, error);
}

/** Whether bytes are sent as they are. `identity` in a header is allowed though it need not be said (RFC 9110, 8.4.1). */
export function isUnencoded(headers: Dispatcher.ResponseData['headers']): boolean {
  const encoding = String(headers['content-encoding'] ?? '').trim();
  return encoding === '' || encoding.toLowerCase() === 'identity';
}

function isWorthAnotherAttempt(httpStatus: number): boolean {
  return httpStatus === 408 || httpStatus === 425 || httpStatus === 429 || httpStatus >= 500;
}

async function readExplanation(response: Dispatcher.ResponseData, caller: AbortSignal): Promise<string> {
  if (!isUnencoded(response.headers)) {
    discard(response.body);
    return '';
  }
  return plainText(await readText(response.body, caller), MAX_ERROR_LENGTH);
}

async function readText(body: Readable, caller: AbortSignal): Promise<string> {
  try {
    const { bytes } = await readAtMost(body, MAX_ERROR_BYTES);
    return bytes.toString('utf8');
  } catch (error) {
    if (caller.aborted) throw error;
    // The status has decided already; a reset or stalled body takes only the explanation away.
    return '';
  }
}
