import { errorMessage } from './error-message.ts';

/** An error as it stands in a log line. */
export interface PrintableError {
  readonly message: string;
  readonly stack?: string;
  readonly code?: string | number;
  readonly cause?: unknown;
}

const secretFields = new Set(['secret', 'key', 'api_key', 'authorization', 'password', 'token']);

/**
 * The fields of a log line as plain data that JSON can carry: errors become objects, secrets `[redacted]` at any
 * depth, circles `[circular]`.
 */
export function printableFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(printableEntries(fields, [fields]));
}

function printableError(error: Error, within: readonly object[]): PrintableError {
  const code = 'code' in error ? error.code : undefined;
  return {
    message: errorMessage(error),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.cause !== undefined && { cause: printable(error.cause, [...within, error]) }),
  };
}

function printable(value: unknown, within: readonly object[]): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (within.includes(value)) return '[circular]';
  if (Error.isError(value)) return printableError(value, within);
  // Dates, URLs and the like say themselves how they are written.
  if ('toJSON' in value && typeof value.toJSON === 'function') return value;
  const inside = [...within, value];
  if (Array.isArray(value)) return value.map((item: unknown) => printable(item, inside));
  return Object.fromEntries(printableEntries(value, inside));
}

function printableEntries(fields: object, within: readonly object[]): [string, unknown][] {
  return Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    isSecret(name, value) ? '[redacted]' : printable(value, within),
  ]);
}

function isSecret(name: string, value: unknown): boolean {
  return secretFields.has(name.toLowerCase()) && value !== undefined && value !== null;
}
