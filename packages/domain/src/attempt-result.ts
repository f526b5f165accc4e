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
