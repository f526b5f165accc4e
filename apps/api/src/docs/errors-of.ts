import type { ErrorCode } from '@automation/domain';

import type { Route } from '../http/route.ts';

/** Every error that a route can answer: its own, and those of the steps that all routes of its kind go through. */
export function errorsOf(route: Route): ErrorCode[] {
  if (route.scope === null && !('tokenHeader' in route)) {
    return route.isProbe ? [...route.errors] : [...route.errors, 'RATE_LIMITED'];
  }
  const codes: ErrorCode[] = ['UNAUTHORIZED', 'RATE_LIMITED', ...route.errors, 'INTERNAL', 'UNAVAILABLE'];
  // Every key may read; a token need not have any of our scopes.
  if (route.scope !== null) codes.push('FORBIDDEN');
  if (route.query !== undefined || route.body !== undefined) codes.push('VALIDATION_ERROR');
  if (route.body !== undefined) codes.push('PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  if (takesIdempotencyKey(route)) codes.push('CONFLICT', 'IDEMPOTENCY_KEY_REUSED');
  return [...new Set(codes)];
}

/** Whether repeats of the request are recognised (SPEC 5). */
export function takesIdempotencyKey(route: Route): boolean {
  return route.method === 'post' && route.scope !== null;
}

/** Whether the request can be made to depend on what the client has seen (SPEC 5). */
export function takesIfMatch(route: Route): boolean {
  return route.errors.includes('PRECONDITION_FAILED');
}
