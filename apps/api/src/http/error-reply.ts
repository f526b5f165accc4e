import type { Problem } from '@automation/domain';

import { type AnswerCode, ERROR_KINDS } from './error-kinds.ts';
import type { Reply } from './reply.ts';

/** What goes with an error beside its body, so that clients and proxies know how to go on. */
const HEADERS: Partial<Record<AnswerCode, Record<string, string>>> = {
  UNAUTHORIZED: { 'WWW-Authenticate': 'Bearer' },
  // Most of what is limited is counted by the second.
  RATE_LIMITED: { 'Retry-After': '1' },
  UNAVAILABLE: { 'Retry-After': '1' },
};

/** What an answer says of an error; every AppError can be answered so. */
interface AnswerError {
  code: AnswerCode;
  message: string;
  details?: readonly Problem[] | undefined;
  retryAfterSeconds?: number | undefined;
}

/** An error as it is answered: `{"error", "message", "code", "details"?, "request_id"}` (SPEC 5). */
export function errorReply(
  { code, message, details, retryAfterSeconds }: AnswerError,
  requestId: string,
): Reply {
  const { status, error } = ERROR_KINDS[code];
  return {
    status,
    body: {
      error,
      message,
      code,
      ...(details === undefined ? {} : { details: details.map((problem) => ({ ...problem })) }),
      request_id: requestId,
    },
    headers: {
      ...HEADERS[code],
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
  };
}
