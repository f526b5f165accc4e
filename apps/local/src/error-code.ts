/** The system's code of an error, such as ENOENT, or what was thrown in words. */
export function errorCode(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : String(error);
}
