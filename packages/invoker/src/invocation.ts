import type { AttemptResult, AttemptTimes, JsonObject } from '@automation/domain';

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

/** What became of an attempt, and how long its parts took. */
export interface Invoked {
  result: InvocationResult;
  times: AttemptTimes;
}

/** The result of an attempt that failed for good and yielded no output. */
export function rejected(httpStatus: number | null, error: string): AttemptResult {
  return { kind: 'rejected', httpStatus, error, output: {}, logs: [] };
}
