import type { AccountDirectory, FunctionDirectory } from '@automation/directory';
import type { EgressPolicy, Invoker } from '@automation/invoker';
import type { TaskQueue } from '@automation/queue';
import type { Clock, Logger, OutageWatch, Readiness, Tracer } from '@automation/service-kit';
import type { Store } from '@automation/store';

import type { KnownKeys } from './auth/known-keys.ts';
import type { TokenVerifier } from './auth/token-verifier.ts';
import type { EventStreams } from './events/event-streams.ts';
import type { Limits } from './limits/limits.ts';
import type { ApiMetrics } from './metrics.ts';

/** What external services keep; null: it is kept in our own database. */
export interface ExternalServices {
  accounts: AccountDirectory | null;
  functions: FunctionDirectory | null;
}

/** All that use cases work with; `start` builds it once. */
export interface ApiDependencies {
  store: Store;
  keys: Pick<KnownKeys, 'find' | 'forget'>;
  /** Null: only API keys are taken. */
  tokens: Pick<TokenVerifier, 'verify'> | null;
  accounts: AccountDirectory;
  external: ExternalServices;
  queue: Pick<TaskQueue, 'transaction' | 'count'>;
  invoker: Pick<Invoker, 'invoke'>;
  eventStreams: Pick<EventStreams, 'open'>;
  limits: Limits;
  metrics: ApiMetrics;
  logger: Logger;
  tracer: Tracer;
  clock: Clock;
  /** Where functions may be (SPEC 6, FUNCTION_NETWORK). */
  egress: EgressPolicy;
  readiness: Readiness;
  /** What is known of the database's state without asking it. */
  outage: Pick<OutageWatch, 'isDown' | 'noticed'>;
}
