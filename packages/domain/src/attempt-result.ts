import type { JsonObject } from './json.ts';

/** What one HTTP request to a function came to (SPEC 4). */
export type AttemptResult =
  | { kind: 'succeeded'; httpStatus: number; output: JsonObject; logs: string[] }
  /** 202 with `async: true`: the function will say later what came of it. `withinMs`: its own deadline for that. */
  | { kind: 'accepted'; httpStatus: 202; withinMs: number | null }
  /** Network errors, 408, 425, 429, 5xx: worth another attempt. */
  | { kind: 'unavailable'; httpStatus: number | null; error: string; retryAfterMs: number | null }
  | { kind: 'timed_out'; httpStatus: number | null; error: string }
  /** Permanent: any other status, a redirect, an answer that can't be read, a refused address. */
  | { kind: 'rejected'; httpStatus: number | null; error: string; output: JsonObject; logs: string[] }
  /** 410: permanent, and the job pauses. */
  | { kind: 'gone'; httpStatus: 410; error: string };

/**
 * Milliseconds that the parts of an attempt took: waiting for a connection, looking up its host and connecting to it; waiting
 * for the answer's headers; reading its body. The part that it ended in lasted until then; those after it are null.
 */
export interface AttemptTimes {
  connectMs: number | null;
  waitMs: number | null;
  bodyMs: number | null;
}

/** Of an attempt for which no request was made, or nothing is known. */
export const NO_TIMES: AttemptTimes = { connectMs: null, waitMs: null, bodyMs: null };
