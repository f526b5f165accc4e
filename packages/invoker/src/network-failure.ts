import { errors } from 'undici';
import { type InvocationResult, rejected } from './invocation.ts';
import { plainText } from './plain-text.ts';
import { portOf } from './port-of.ts';

type Describe = (target: URL) => string;

const refused: Describe = (target) => `connection refused by ${address(target)}`;
const reset: Describe = (target) => `connection reset by ${address(target)}`;
const closed: Describe = (target) => `connection closed by ${address(target)} before the answer was complete`;
const mismatched: Describe = (target) =>
  `the answer of ${address(target)} is not as long as its content-length says`;
const unreachable: Describe = (target) => `${address(target)} is unreachable`;
const notConnected: Describe = (target) => `no connection to ${address(target)} in time`;
const notResolved: Describe = (target) => `host ${target.hostname} could not be resolved for the time being`;

/** By the code of Node.js, libuv or undici. What is not listed is reported in the words of its error. */
const DESCRIPTIONS = new Map<string, Describe>([
  ['ECONNREFUSED', refused],
  ['ECONNRESET', reset],
  ['EPIPE', reset],
  ['ECONNABORTED', reset],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
  ['EADDRNOTAVAIL', unreachable],
  ['ETIMEDOUT', notConnected],
  ['UND_ERR_CONNECT_TIMEOUT', notConnected],
  ['ENOTFOUND', (target) => `host ${target.hostname} not found`],
  ['EAI_AGAIN', notResolved],
  ['ESERVFAIL', notResolved],
  ['UND_ERR_SOCKET', closed],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', mismatched],
]);

/**
 * The result of an attempt that ended without an answer, from what undici threw. A refused address, a request that
 * cannot be written and an answer that is no HTTP are permanent; whatever else the network does may pass.
 * @throws the error itself if it has no code, for then it is a bug and nothing that the network did
 */
export function networkFailure(error: unknown, target: URL): InvocationResult {
  if (error instanceof errors.HTTPParserError) return unparsable(error, target);
  if (!isCoded(error)) throw error;
  const { code } = error;
  const message = plainText(error.message, 200);
  if (code === 'ADDRESS_REFUSED') return rejected(null, message);
  if (code === 'INFORMATIONAL_FLOOD') return rejected(null, `${message} from ${address(target)}; got more`);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return rejected(null, `the request cannot be sent: ${message}`);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return rejected(null, `expected at most 16 KiB of headers from ${address(target)}; got more`);
  }
  const describe = DESCRIPTIONS.get(code);
  return unavailable(describe?.(target) ?? `connection to ${address(target)} failed: ${reasonOf(error)}`);
}

/** undici's parser leaves the code out, so its words are all that tells a truncated answer from one that is no HTTP. */
function unparsable({ message }: Error, target: URL): InvocationResult {
  if (message.includes('Invalid EOF state')) return unavailable(closed(target));
  return rejected(null, `expected an HTTP answer from ${address(target)}: ${plainText(message, 200)}`);
}

/** The system's words for a failed connect name addresses, ours included; its code says as much. */
function reasonOf(error: { code: string; message: string }): string {
  return 'address' in error ? error.code : `${plainText(error.message, 200)} (${error.code})`;
}

function unavailable(error: string): InvocationResult {
  return { kind: 'unavailable', httpStatus: null, error, retryAfterMs: null };
}

/** By shape and not by class: errors of Node.js, of undici and of TLS share nothing but Error. */
function isCoded(error: unknown): error is { code: string; message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error &&
    typeof error.message === 'string'
  );
}

function address(target: URL): string {
  return `${target.hostname}:${portOf(target)}`;
}
