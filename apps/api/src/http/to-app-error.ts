import { AppError, type ErrorCode } from '@automation/domain';
import { isUnreachable } from '@automation/store';

/** Statuses with which express, its body parser and its file server refuse a request. */
const REFUSALS: Readonly<Record<number, ErrorCode>> = {
  400: 'VALIDATION_ERROR',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** Whatever was thrown as an error that may be shown: what is unknown becomes an opaque INTERNAL (SPEC 5). */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  // Express could not decode a parameter of the path: no such id exists.
  if (error instanceof URIError) return new AppError('NOT_FOUND', 'path not found', { cause: error });
  if (isUnreachable(error)) {
    return new AppError('UNAVAILABLE', 'the database is not available, try again', { cause: error });
  }
  return refusal(error) ?? new AppError('INTERNAL', 'internal error', { cause: error });
}

function refusal(error: unknown): AppError | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const code = REFUSALS[error.status];
  if (code === undefined) return null;
  return new AppError(code, describe(error), { cause: error });
}

function describe(error: Error): string {
  const type = 'type' in error ? (error.type ?? '') : '';
  if (type === 'entity.parse.failed') return `malformed JSON: ${error.message}`;
  if (type === 'entity.too.large' && 'limit' in error)
    return `the body is larger than ${Number(error.limit) / 1_024} KiB`;
  // What unpacks a compressed body fails with a code in place of a type.
  return type === '' && 'code' in error
    ? 'the body is not compressed as its Content-Encoding says'
    : error.message;
}
