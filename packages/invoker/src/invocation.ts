import { type AttemptResult, type AttemptTimes, type JsonObject, NO_TIMES } from '@automation/domain';

/** One attempt to invoke a function over HTTP. */
export interface Invocation {
  url: string;
  body: JsonObject;
  /**
   * Sent as given, except those that this package or the connection sets itself: content-type, content-length,
   * host, webhook-*, accept-encoding and the headers of the connection (RFC 9110, 7.6.1) are left out.
   */
  headers: Record<string, string>;
  /** Standard Webhooks secrets, `whsec_<base64>`, newest first: each of them signs. */
  secrets: readonly string[];
  /** Becomes `webhook-id`. */
  messageId: string;
  /** Milliseconds for the whole attempt: waiting for a connection, connect, headers and body together. */
  timeoutMs: number;
}

/** What became of an attempt; `aborted`: the caller's signal ended it. */
export type InvocationResult = AttemptResult | { kind: 'aborted' };

/** What became of an attempt, how long its parts took, and how large it was. */
export interface Invoked {
  result: InvocationResult;
  times: AttemptTimes;
  /** Of the bodies of its request and its answer, as far as they were made and read. */
  bytes: number;
}

/** Of an attempt that came to no request. */
export function notMade(result: InvocationResult): Invoked {
  return { result, times: NO_TIMES, bytes: 0 };
}

/** The result of an attempt that failed for good and yielded no output. */
export function rejected(httpStatus: number | null, error: string): AttemptResult {
  return { kind: 'rejected', httpStatus, error, output: {}, logs: [] };
}
