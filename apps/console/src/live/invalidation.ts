import type { QueryClient, QueryKey } from '@tanstack/react-query';

import type { ServiceEvent } from './service-event.ts';
import { staleKeys } from './stale-keys.ts';

/** A service may tell of hundreds of executions a second; nobody reads a page that changes as often. */
const GATHER_MS = 1_000;

/** Has the queries read again that events make stale: each once, however many events there are in a second. */
export class Invalidation {
  readonly #queries: Pick<QueryClient, 'invalidateQueries'>;
  readonly #stale = new Map<string, QueryKey>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(queries: Pick<QueryClient, 'invalidateQueries'>) {
    this.#queries = queries;
  }

  add(event: ServiceEvent): void {
    for (const key of staleKeys(event)) this.#stale.set(JSON.stringify(key), key);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#timer = null;
    const keys = [...this.#stale.values()];
    this.#stale.clear();
    // A query that fails says so itself, where it is shown.
    for (const queryKey of keys) void this.#queries.invalidateQueries({ queryKey });
  }
}
