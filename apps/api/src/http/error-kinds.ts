import type { ErrorCode } from '@automation/domain';

/** The domain's errors, and those that only HTTP knows. */
export type AnswerCode = ErrorCode | 'METHOD_NOT_ALLOWED' | 'REQUEST_TIMEOUT' | 'HEADERS_TOO_LARGE';

/** The one place that maps an error's code to its HTTP status and to the `error` of its answer (SPEC 5). */
export const ERROR_KINDS: Readonly<Record<AnswerCode, { status: number; error: string }>> = {
  VALIDATION_ERROR: { status: 400, error: 'validation error' },
  UNAUTHORIZED: { status: 401, error: 'unauthorized' },
  FORBIDDEN: { status: 403, error: 'forbidden' },
  NOT_FOUND: { status: 404, error: 'not found' },
  METHOD_NOT_ALLOWED: { status: 405, error: 'method not allowed' },
  REQUEST_TIMEOUT: { status: 408, error: 'request timeout' },
  CONFLICT: { status: 409, error: 'conflict' },
  PRECONDITION_FAILED: { status: 412, error: 'precondition failed' },
  PAYLOAD_TOO_LARGE: { status: 413, error: 'payload too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, error: 'unsupported media type' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, error: 'idempotency key reused' },
  RATE_LIMITED: { status: 429, error: 'rate limited' },
  HEADERS_TOO_LARGE: { status: 431, error: 'headers too large' },
  INTERNAL: { status: 500, error: 'internal error' },
  UNAVAILABLE: { status: 503, error: 'unavailable' },
  STORAGE_QUOTA_EXCEEDED: { status: 507, error: 'storage quota exceeded' },
};
