import { storedAccounts } from '@automation/directory';
import { createTaskQueue, installQueues } from '@automation/queue';
import { createRegistry, noTracer, Readiness } from '@automation/service-kit';
import { migrate, openStore } from '@automation/store';
import { createTestDatabase, recordingLogger } from '@automation/testing';

import { loadApiConfig } from './config.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { Caller } from './http/route.ts';
import { createLimits } from './limits/limits.ts';
import { createApiMetrics } from './metrics.ts';

const ignore = () => undefined;

export interface OpenDependencies {
  api: ApiDependencies;
  dispose(): Promise<void>;
}

export const CALLER: Caller = {
  accountId: 'acc',
  actor: { kind: 'api_key', id: 'key' },
  clientAddress: null,
  requestId: 'request',
};

/** What use cases work with, on a database of its own: no process listens or polls, so that its statements are those of a test. */
export async function openDependencies(): Promise<OpenDependencies> {
  const database = await createTestDatabase(migrate, installQueues);
  const store = openStore({
    url: database.url,
    poolSize: 4,
    applicationName: 'test',
    onConnectionError: ignore,
  });
  const queue = createTaskQueue({
    pool: store.pool,
    supervise: false,
    onError: ignore,
  });
  await queue.start();
  const metrics = createApiMetrics(createRegistry('api'), 0);
  const api: ApiDependencies = {
    store,
    keys: { find: () => Promise.reject(new Error('no key is shown')), forget: ignore },
    tokens: null,
    accounts: storedAccounts(store.db),
    external: { accounts: null, functions: null },
    queue,
    invoker: { invoke: () => Promise.reject(new Error('no function is asked')) },
    eventStreams: { open: ignore },
    limits: createLimits(loadApiConfig({ DATABASE_URL: database.url }), { db: store.db, metrics }),
    metrics,
    logger: recordingLogger(),
    tracer: noTracer,
    clock: { now: () => new Date('2026-03-04T05:06:07.008Z') },
    egress: { network: 'private' },
    readiness: new Readiness({}),
    outage: { isDown: false, noticed: () => true },
  };
  const dispose = async () => {
    await queue.stop();
    await store.close();
    await database.drop();
  };
  return { api, dispose };
}
