import {
  countRecent,
  type DispatchLag,
  type DueBacklog,
  type FailingFunctions,
  listFailingFunctions,
  listPausedByUs,
  listReplicas,
  measureDispatchLag,
  measureDueBacklog,
  type PausedJob,
  readBriefly,
  type Replica,
  type StatusCount,
} from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';

/** How the whole service does, from what the database knows. */
export interface Overview {
  at: Date;
  replicas: readonly Replica[];
  /** From when on the executions are that are counted. */
  recentFrom: Date;
  recent: readonly StatusCount[];
  lag: DispatchLag | null;
  due: DueBacklog;
  tasks: Awaited<ReturnType<ApiDependencies['queue']['count']>>;
  failing: FailingFunctions;
  paused: { count: number; jobs: readonly PausedJob[] };
}

/** Each statement ends by then: a server in trouble is not to be kept busy by questions about it. */
const TIMEOUT_MS = 3_000;
/** Executions that are looked at, however many there are in the time. */
const SAMPLE = 20_000;
const MOST_DUE = 10_000;
const MOST_FUNCTIONS = 10;
const PAUSED = { limit: 20, countLimit: 1_000 };
const MINUTE_MS = 60_000;

/** Reads all of it at once. Throws UNAVAILABLE if the database is too busy to say. */
export async function readOverview({ store, queue, clock }: ApiDependencies): Promise<Overview> {
  const at = clock.now();
  const since = (minutes: number) => new Date(at.getTime() - minutes * MINUTE_MS);
  const sampleOf = (minutes: number) => ({ from: since(minutes), to: at, limit: SAMPLE });
  return readBriefly(store.db, TIMEOUT_MS, async (trx) => {
    const recent = await countRecent(trx, sampleOf(5), since(1));
    return {
      at,
      replicas: await listReplicas(trx),
      recent,
      recentFrom: earliestOf(recent) ?? since(5),
      lag: await measureDispatchLag(trx, sampleOf(5)),
      due: await measureDueBacklog(trx, MOST_DUE),
      tasks: await queue.count(trx),
      failing: await listFailingFunctions(trx, sampleOf(60), MOST_FUNCTIONS),
      paused: await listPausedByUs(trx, PAUSED),
    };
  });
}

/** When the earliest execution of a sample was scheduled that did not hold all; null if it did. */
function earliestOf(recent: readonly StatusCount[]): Date | null {
  const total = recent.reduce((sum, { count }) => sum + count, 0);
  if (total < SAMPLE) return null;
  return new Date(Math.min(...recent.map(({ earliest }) => earliest.getTime())));
}
