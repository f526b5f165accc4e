import { PgBoss } from 'pg-boss';

import { connectFunction } from './call-function.ts';
import { inBatches, type RunData } from './run-data.ts';
import { servePeer, setting } from './serve-peer.ts';

/** pg-boss alone, as one first writes it: a queue for each phase, `send` and `work` with their defaults. */
const WORKERS = 50;

const callFunction = connectFunction(setting('FUNCTION_URL'));
const boss = new PgBoss(setting('POSTGRES_URL'));
// Nobody listens for `error`, so that an error ends the process: a run that was disturbed measures nothing.
await boss.start();
await boss.createQueue('check');
await boss.createQueue('perform');

async function check({ dueAt }: RunData): Promise<void> {
  const { shouldPerform } = await callFunction('check', new Date(dueAt));
  if (shouldPerform) await boss.send('perform', { dueAt });
}

async function perform({ dueAt }: RunData): Promise<void> {
  await callFunction('perform', new Date(dueAt));
}

async function work(queue: string, handle: (data: RunData) => Promise<void>): Promise<void> {
  await boss.work<RunData>(queue, { localConcurrency: WORKERS }, async (jobs) => {
    for (const { data } of jobs) await handle(data);
  });
}

servePeer({
  // One by one it would take minutes, and filling is not what is measured.
  fill: (runs, dueAt) =>
    inBatches(runs, dueAt, (batch) =>
      boss.insert(
        'check',
        batch.map((data) => ({ data, startAfter: dueAt })),
      ),
    ),
  work: async () => {
    await work('check', check);
    await work('perform', perform);
  },
  enqueue: async (dueAt) => {
    await boss.send('check', { dueAt: dueAt.getTime() });
  },
});
