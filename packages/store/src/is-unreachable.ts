/**
 * SQLSTATEs of a server that is going down, coming up or full, or that does not let us in, as when a password is changed under
 * us; class 08 is the connection itself.
 */
const SERVER_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '28000', '28P01']);
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** pg reports these by their text alone. */
const PG_MESSAGES = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect$/,
  /^timeout expired$/,
  /^Query read timeout$/,
  /^Client has encountered a connection error and is not queryable$/,
  /^Client was closed and is not queryable$/,
];

/** Whether an error says that the database can't be reached, or has no connection left, rather than that we are wrong. */
export function isUnreachable(error: unknown): boolean {
  if (!Error.isError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    code.startsWith('08') ||
    SERVER_STATES.has(code) ||
    NETWORK_CODES.has(code) ||
    PG_MESSAGES.some((message) => message.test(error.message))
  );
}
