import { QueryClient } from '@tanstack/react-query';

import { ApiError, retryAfterOf } from './api-error.ts';

const RETRIES = 2;
const FIRST_RETRY_MS = 1_000;
/** How long what forms begin with is kept though nobody looks at it: a form waits for its user to sign in again. */
export const KEPT_FOR_FORMS_MS = 24 * 3_600_000;
/** An answer that is younger is not asked for again when another part of a page wants it. */
const FRESH_MS = 2_000;

/**
 * The cache of answers. All of it is read again from time to time, the more seldom the better events tell what changes.
 * @param pollMs how long to wait between two reads
 */
export function createQueryClient(pollMs: () => number): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        refetchInterval: ({ state }) => Math.max(pollMs(), retryAfterOf(state.error)),
        retry: (failures, error) => failures < RETRIES && mayPass(error),
        retryDelay: (failures, error) => Math.max(FIRST_RETRY_MS * 2 ** failures, retryAfterOf(error)),
      },
      mutations: { retry: false },
    },
  });
}

/** Whether asking once more may be answered differently. */
function mayPass(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
