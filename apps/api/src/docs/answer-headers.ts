import type { JsonObject } from '@automation/domain';

import type { Route } from '../http/route.ts';

const RETRY_AFTER = 429;
const UNAVAILABLE = 503;

/** The header fields that tell of limits, for the components of the OpenAPI document (SPEC 5). */
export const LIMIT_HEADERS: JsonObject = {
  RateLimit: {
    description: 'Requests that are left in this second: `"account";r=499;t=1`.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'Requests that there may be in a second: `"account";q=500;w=1`.',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'Seconds after which to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
};

/** Those that an answer of the route with that status has. */
export function limitHeadersOf(route: Route, status: number): JsonObject {
  const names = [
    ...(route.scope !== null || status === RETRY_AFTER ? ['RateLimit', 'RateLimit-Policy'] : []),
    ...(status === RETRY_AFTER || (status === UNAVAILABLE && !hasOwnAnswer(route)) ? ['Retry-After'] : []),
  ];
  if (names.length === 0) return {};
  return {
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
  };
}

/** GET /readyz says by 503 what is wrong, and not when it is over. */
function hasOwnAnswer({ responses }: Route): boolean {
  return responses[UNAVAILABLE] !== undefined;
}
