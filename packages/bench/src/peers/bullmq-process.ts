import { Queue, Worker } from 'bullmq';

import { connectFunction } from './call-function.ts';
import { inBatches, type RunData } from './run-data.ts';
import { servePeer, setting } from './serve-peer.ts';

/** BullMQ with a queue for each phase. What succeeds is removed; what fails is tried as often as by our own service. */
const CONCURRENCY = 100;

const callFunction = connectFunction(setting('FUNCTION_URL'));
const options = {
  connection: { url: setting('REDIS_URL') },
  defaultJobOptions: { removeOnComplete: true, attempts: 3 },
};
const checks = new Queue<RunData>('check', options);
const performs = new Queue<RunData>('perform', options);
await Promise.all([checks.waitUntilReady(), performs.waitUntilReady()]);

async function check({ dueAt }: RunData): Promise<void> {
  const { shouldPerform } = await callFunction('check', new Date(dueAt));
  if (shouldPerform) await performs.add('perform', { dueAt });
}

async function perform({ dueAt }: RunData): Promise<void> {
  await callFunction('perform', new Date(dueAt));
}

async function work(queue: Queue<RunData>, handle: (data: RunData) => Promise<void>): Promise<void> {
  const { connection } = options;
  const worker = new Worker<RunData>(queue.name, ({ data }) => handle(data), {
    connection,
    concurrency: CONCURRENCY,
  });
  await worker.waitUntilReady();
}

servePeer({
  fill: (runs, dueAt) =>
    inBatches(runs, dueAt, (batch) => {
      const opts = { delay: Math.max(0, dueAt.getTime() - Date.now()) };
      return checks.addBulk(batch.map((data) => ({ name: 'check', data, opts })));
    }),
  work: async () => {
    await work(checks, check);
    await work(performs, perform);
  },
  enqueue: async (dueAt) => {
    await checks.add('check', { dueAt: dueAt.getTime() });
  },
});
