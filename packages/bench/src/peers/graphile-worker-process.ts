import { Logger, makeWorkerUtils, run, type RunnerOptions } from 'graphile-worker';

import { connectFunction } from './call-function.ts';
import { inBatches, type RunData } from './run-data.ts';
import { servePeer, setting } from './serve-peer.ts';

declare global {
  namespace GraphileWorker {
    interface Tasks {
      check: RunData;
      perform: RunData;
    }
  }
}

/**
 * graphile-worker at its best: chained tasks, fetched and completed in batches, as its guide to performance says, and no
 * log. Its pool stays at the default of ten connections: every job that a task adds is notified of, so that the commits
 * wait for each other, and more connections are slower.
 */
const OPTIONS = {
  connectionString: setting('POSTGRES_URL'),
  logger: new Logger(() => () => undefined),
  noHandleSignals: true,
  parsedCronItems: [],
  preset: {
    worker: {
      concurrentJobs: 100,
      localQueue: { size: 500 },
      completeJobBatchDelay: 250,
      failJobBatchDelay: 250,
      // What is due later is not notified of but polled for, by default every two seconds.
      pollInterval: 100,
    },
  },
} satisfies RunnerOptions;

const callFunction = connectFunction(setting('FUNCTION_URL'));
const utils = await makeWorkerUtils(OPTIONS);
await utils.migrate();

servePeer({
  fill: (runs, dueAt) =>
    inBatches(runs, dueAt, (batch) =>
      utils.addJobs(batch.map((payload) => ({ identifier: 'check', payload, runAt: dueAt }))),
    ),
  work: async () => {
    await run({
      ...OPTIONS,
      taskList: {
        check: async ({ dueAt }, { addJob }) => {
          const { shouldPerform } = await callFunction('check', new Date(dueAt));
          if (shouldPerform) await addJob('perform', { dueAt });
        },
        perform: async ({ dueAt }) => {
          await callFunction('perform', new Date(dueAt));
        },
      },
    });
  },
  enqueue: async (dueAt) => {
    await utils.addJob('check', { dueAt: dueAt.getTime() });
  },
});
