/** What is wrong with one field of a request. */
export interface Problem {
  field: string;
  message: string;
}

interface ApiErrorFields {
  status: number;
  /** Of the api, such as `NOT_FOUND`; `UNREACHABLE` if there was no answer, `UNREADABLE` if it was not the api's. */
  code: string;
  message: string;
  details?: Problem[];
  requestId?: string | null;
  retryAfterMs?: number;
}

/** An error as the api words it, or that there was no answer of the api. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of HTTP; 0 without an answer. */
  readonly status: number;
  readonly code: string;
  /** Every problem with the input. */
  readonly details: readonly Problem[];
  /** To be named to support; null without an answer. */
  readonly requestId: string | null;
  /** How long the api asks to wait before the next try; 0 if it doesn't. */
  readonly retryAfterMs: number;

  constructor({ status, code, message, details = [], requestId = null, retryAfterMs = 0 }: ApiErrorFields) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }

  /** What the api says of a field of the input, such as `schedule`; undefined if nothing. */
  problemOf(field: string): string | undefined {
    return this.details.find((problem) => problem.field === field)?.message;
  }
}

/** How long to wait after an error before the next try, at least: what the api asked for, else 0. */
export function retryAfterOf(error: unknown): number {
  return error instanceof ApiError ? error.retryAfterMs : 0;
}

/**
 * The error that an answer other than 2xx tells of.
 * @param retryAfter the header of that name, in seconds; the api never sends a date
 */
export function errorOfAnswer(status: number, text: string, retryAfter: string | null = null): ApiError {
  const retryAfterMs = 1_000 * (Number(retryAfter) || 0);
  const body = parse(text);
  const message = textOf(body, 'message');
  const code = textOf(body, 'code');
  if (message === null || code === null) {
    return new ApiError({
      status,
      code: 'UNREADABLE',
      message: `The service answered ${status}.`,
      retryAfterMs,
    });
  }
  const requestId = textOf(body, 'request_id');
  return new ApiError({ status, code, message, details: detailsOf(body), requestId, retryAfterMs });
}

/** Null if it is no JSON: a proxy's page, perhaps. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldOf(body: unknown, field: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
}

function textOf(body: unknown, field: string): string | null {
  const value = fieldOf(body, field);
  return typeof value === 'string' ? value : null;
}

function detailsOf(body: unknown): Problem[] {
  const details = fieldOf(body, 'details');
  if (!Array.isArray(details)) return [];
  return details.map((detail: unknown) => ({
    field: textOf(detail, 'field') ?? '',
    message: textOf(detail, 'message') ?? '',
  }));
}
