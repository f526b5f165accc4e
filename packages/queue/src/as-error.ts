/**
 * Whatever was thrown, as an error. pg-boss tells of some by a copy of their fields, which is no error any more: nobody
 * would know an outage by it.
 */
export function asError(told: unknown): Error {
  if (Error.isError(told)) return told;
  const fields = typeof told === 'object' && told !== null ? told : {};
  const message = 'message' in fields ? fields.message : told;
  return Object.assign(new Error(String(message)), fields);
}
