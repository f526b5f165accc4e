/**
 * One sentence about whatever was thrown. Never empty: the error that Node throws when every address of a host refused
 * is an AggregateError without a message of its own.
 */
export function errorMessage(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  if (error.message !== '') return error.message;
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) {
    return error.errors.map(errorMessage).join('; ');
  }
  return error.name;
}
