import type { Invoker, Network } from '@automation/invoker';
import type { TaskQueue } from '@automation/queue';
import type { Clock, Logger, OutageWatch, Tracer } from '@automation/service-kit';
import type { Store } from '@automation/store';

import type { KnownKeys } from './auth/known-keys.ts';
import type { ApiMetrics } from './metrics.ts';

/** All that use cases work with; `start` builds it once. */
export interface ApiDependencies {
  store: Store;
  keys: Pick<KnownKeys, 'find' | 'forget'>;
  queue: Pick<TaskQueue, 'enqueue' | 'complete' | 'count'>;
  invoker: Pick<Invoker, 'invoke'>;
  metrics: ApiMetrics;
  logger: Logger;
  tracer: Tracer;
  clock: Clock;
  /** Which addresses functions may have (SPEC 6, FUNCTION_NETWORK). */
  functionNetwork: Network;
  /** What is known of the database's state without asking it. */
  outage: Pick<OutageWatch, 'isDown' | 'noticed'>;
}
