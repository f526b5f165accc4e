import type { Invoker, Network } from '@automation/invoker';
import type { TaskQueue } from '@automation/queue';
import type { Clock, Logger } from '@automation/service-kit';
import type { Store } from '@automation/store';

import type { JobMetrics } from './metrics.ts';

/** All that use cases work with; `start` builds it once. */
export interface ApiDependencies {
  store: Store;
  queue: Pick<TaskQueue, 'enqueue'>;
  invoker: Pick<Invoker, 'invoke'>;
  metrics: JobMetrics;
  logger: Logger;
  clock: Clock;
  /** Which addresses functions may have (SPEC 6, FUNCTION_NETWORK). */
  functionNetwork: Network;
}
