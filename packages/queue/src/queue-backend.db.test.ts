import { createTestDatabase, waitUntil } from '@automation/testing';

import { installQueues, type QueueBackend } from './index.ts';
import { openTestQueues, type TestQueues } from './test-queue.fixture.ts';

let queues: TestQueues;

beforeAll(async () => {
  queues = await openTestQueues();
});

afterEach(() => queues.clear());

afterAll(() => queues.dispose());

/** How pg-boss, told that it has such a server, takes the queues that it looks after. */
async function supervision(backend: QueueBackend): Promise<string> {
  const claims: string[] = [];
  const { pool } = queues.store;
  await queues.start({
    backend,
    supervise: true,
    pool: {
      query: (text, values) => {
        if (text.includes('monitor_on') && text.includes('FOR NO KEY UPDATE')) claims.push(text);
        return pool.query(text, values);
      },
    },
  });
  return waitUntil(() => claims[0], { what: `the supervision of ${backend}` });
}

test.each<[QueueBackend, string]>([
  ['postgres', 'skips'],
  ['citus', 'waits for'],
])(
  'pg-boss is told that the server is %s, where it %s a queue that others look after',
  async (backend, way) => {
    const claim = await supervision(backend);
    expect(claim.includes('SKIP LOCKED')).toBe(way === 'skips');
  },
);

test('on Citus a task wakes its consumer, is held, and is completed', async () => {
  const queue = await queues.start({ backend: 'citus', supervise: true });
  const { consumer, held } = queues.consume(queue);
  const tasks = await queues.enqueue(queue);
  // The consumer looks by itself once a minute only.
  await waitUntil(() => held.length === 1, { what: 'the task' });
  expect(await queues.statesOf(tasks)).toEqual(['active']);
  await queues.complete(queue, held[0]!);
  consumer.release(held[0]!);
  expect(await queues.statesOf(tasks)).toEqual([undefined]);
  expect(queues.errors).toEqual([]);
});

test('installing the queues for Citus changes nothing about those of PostgreSQL', async () => {
  const database = await createTestDatabase();
  await installQueues(database.url, 'citus');
  await expect(installQueues(database.url, 'postgres')).resolves.toBeUndefined();
  await database.drop();
});
