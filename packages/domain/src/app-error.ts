/** The codes of SPEC 5; the api alone maps them to HTTP statuses. */
export type ErrorCode =
  | 'VALIDATION_ERROR'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'RATE_LIMITED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'STORAGE_QUOTA_EXCEEDED';

/** One thing wrong with a request, by the field that it is about. */
export interface Problem {
  field: string;
  message: string;
}

/** An error that a caller can act on. Everything else is a bug and reaches users as an opaque `INTERNAL`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: readonly Problem[] | undefined;
  /** When it is worth another try, if that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: readonly Problem[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Bad input; `details` lists every problem, `message` the first one that matters (SPEC 5). */
export function validationError(message: string, details: readonly Problem[]): AppError {
  return new AppError('VALIDATION_ERROR', message, { details });
}

/** An id that names nothing, e.g. `job 0190… not found`. */
export function notFound(what: string, id: string): AppError {
  return new AppError('NOT_FOUND', `${what} ${id} not found`);
}

/** A request that the present state does not allow. */
export function conflict(message: string): AppError {
  return new AppError('CONFLICT', message);
}

/** The seed's answer to a job of another account. */
export function forbiddenJob(): AppError {
  return new AppError('FORBIDDEN', 'forbidden: job belongs to different account');
}

/** The seed's answer to a name that is taken in the account, whatever its case. */
export function duplicateName(name: string): AppError {
  return conflict(`job with name "${name}" already exists`);
}
