import type { Dispatcher } from 'undici';

/** An answer before its body. */
export interface AnswerHead {
  httpStatus: number;
  headers: Dispatcher.ResponseData['headers'];
}

/** At most this much of a 2xx answer is read (SPEC 4). */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Room for 500 characters of any length, and enough of most error pages to keep their connection alive. */
const MAX_ERROR_BYTES = 16 * 1024;

export function isSuccess({ httpStatus }: AnswerHead): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

export function isRedirect({ httpStatus }: AnswerHead): boolean {
  return httpStatus >= 300 && httpStatus < 400;
}

/** Null if the bytes are sent as they are. `identity` is allowed though it need not be said (RFC 9110, 8.4.1). */
export function contentEncoding({ headers }: AnswerHead): string | null {
  const encoding = String(headers['content-encoding'] ?? '').trim();
  return encoding === '' || encoding.toLowerCase() === 'identity' ? null : encoding;
}

/** How many bytes of the body are read at most; 0 if nothing in it would count. */
export function bytesToRead(head: AnswerHead): number {
  if (isRedirect(head) || contentEncoding(head) !== null) return 0;
  return isSuccess(head) ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES;
}
