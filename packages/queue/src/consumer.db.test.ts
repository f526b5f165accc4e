import { openStore } from '@automation/store';
import { linkTo, waitUntil } from '@automation/testing';
import { sql } from 'kysely';

import { type HeldTask, newTask, type TaskQueue } from './index.ts';
import { priorityAt } from './task.ts';
import { execution, openTestQueues, type TestQueues } from './test-queue.fixture.ts';

let queues: TestQueues;
let queue: TaskQueue;

beforeAll(async () => {
  queues = await openTestQueues();
});

beforeEach(async () => {
  queue = await queues.start();
});

afterEach(async () => {
  const [error] = queues.errors;
  await queues.clear();
  if (error !== undefined) throw error;
});

afterAll(() => queues.dispose());

const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
const idsOf = (tasks: readonly { id: string }[]) => tasks.map(({ id }) => id).toSorted();

/** Resolves once a session waits for a lock that another one holds. */
const untilBlocked = () =>
  waitUntil(
    async () => {
      const { rows } = await sql`
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(queues.store.db);
      return rows.length > 0;
    },
    { what: 'a session that waits for a lock' },
  );

const ageHeartbeat = ({ id }: { id: string }) =>
  sql`UPDATE pgboss.job SET heartbeat_on = now() - interval '9 seconds' WHERE id = ${id}`.execute(
    queues.store.db,
  );

const isFresh = async ({ id }: { id: string }) => {
  const { rows } = await sql`
    SELECT FROM pgboss.job WHERE id = ${id} AND heartbeat_on > now() - interval '5 seconds'`.execute(
    queues.store.db,
  );
  return rows.length === 1;
};

describe('taking tasks', () => {
  test('all that there are are taken, each with its executions, four at a time', async () => {
    const tasks = await queues.enqueue(queue, 10);
    const batches: HeldTask[][] = [];
    queues.consume(queue, { onTasks: (batch) => batches.push(batch) });
    await waitUntil(() => batches.flat().length === 10);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(4);
    expect(batches.flat().toSorted(byId)).toEqual(
      tasks.map(({ id, executionIds }) => ({ id, executionIds, attempt: 0 })).toSorted(byId),
    );
  });

  test('no more than there is room for, the rest is left to others', async () => {
    const tasks = await queues.enqueue(queue, 8);
    const full: HeldTask[] = [];
    queues.consume(queue, { hasRoom: () => full.length < 4, onTasks: (batch) => full.push(...batch) });
    await waitUntil(() => full.length === 4);
    const { held } = queues.consume(await queues.start());
    await waitUntil(() => held.length === 4);
    expect(idsOf([...full, ...held])).toEqual(idsOf(tasks));
  });

  test('room that was missing is made: what waits is fetched at once; more room than there was is not worth a look', async () => {
    let room = 0;
    let looks = 0;
    const held: HeldTask[] = [];
    const { consumer } = queues.consume(queue, {
      hasRoom: () => {
        looks += 1;
        return room > held.length;
      },
      onTasks: (batch) => held.push(...batch),
    });
    await waitUntil(() => looks >= 1);
    await queues.enqueue(queue, 1);
    await waitUntil(() => looks >= 2);
    expect(held).toEqual([]);
    room = 2;
    consumer.roomMade();
    await waitUntil(() => held.length === 1);
    await waitUntil(() => looks >= 4);
    const before = looks;
    consumer.roomMade();
    expect(looks).toBe(before);
  });

  test('each task goes to one of several workers', async () => {
    const others = [await queues.start(), await queues.start()];
    const consumers = [queue, ...others].map((each) => queues.consume(each));
    const tasks = await queues.enqueue(queue, 40);
    await waitUntil(() => consumers.flatMap(({ held }) => held).length >= 40);
    expect(idsOf(consumers.flatMap(({ held }) => held))).toEqual(idsOf(tasks));
  });

  test('a notification wakes the consumer of its phase, and not that of the other', async () => {
    const observed = await observedQueue();
    const perform = queues.consume(observed.queue, {}, 'perform');
    const check = queues.consume(observed.queue);
    // From then on nothing but a notification has them look again.
    await waitUntil(() => observed.looks.length === 2, { what: 'the first look of each' });
    await queues.enqueue(queue, 1, 'perform');
    await waitUntil(() => perform.held.length === 1);
    const tasks = await queues.enqueue(queue, 1, 'check');
    await waitUntil(() => check.held.length === 1);
    expect(idsOf(check.held)).toEqual(idsOf(tasks));
    expect(observed.looks).toHaveLength(4);
  });

  test('what is enqueued while nobody can be notified is found when the session is there again', async () => {
    const link = await linkTo(queues.url);
    const store = openStore({
      url: queues.url,
      sessionUrl: link.url,
      poolSize: 1,
      applicationName: 'test',
      onConnectionError: () => undefined,
    });
    const cutOff = await queues.start({ listener: store.listener });
    const { held } = queues.consume(cutOff);
    await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    link.cut();
    await queues.enqueue(queue);
    link.mend();
    await waitUntil(() => held.length === 2, { what: 'the task' });
    await cutOff.stop();
    await store.close();
    await link.close();
  });
});

/** The queue, and the parameters of each look that its consumers have taken at it, as it is answered. */
async function observedQueue() {
  const looks: unknown[][] = [];
  const { pool } = queues.store;
  const observed = {
    query: async (text: string, values: unknown[] = []) => {
      const answer = await pool.query(text, values);
      if (text.includes('SKIP LOCKED')) looks.push(values);
      return answer;
    },
  };
  return { queue: await queues.start({ pool: observed }), looks };
}

describe('a look at the queue', () => {
  test('begins some seconds before the tasks that were found last, and not at the oldest that are done', async () => {
    const observed = await observedQueue();
    const { consumer, held } = queues.consume(observed.queue);
    const earliest = Date.now();
    const [task] = await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    const latest = Date.now();
    const before = observed.looks.length;
    consumer.wake();
    await waitUntil(() => observed.looks.length > before);
    const [from] = observed.looks[before]!;
    expect(task!.delayMs).toBe(0);
    // Priorities are whole seconds, and the oldest have the highest.
    expect(Number(from)).toBeLessThanOrEqual(priorityAt(new Date(earliest - 5_000)) + 1);
    expect(Number(from)).toBeGreaterThanOrEqual(priorityAt(new Date(latest - 5_000)) - 1);
  });

  test('finds even what is much older soon, as the tasks of dead workers are', async () => {
    const { held } = queues.consume(queue, { pollIntervalMs: 100 });
    await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    const old = newTask([execution()], -3_600_000);
    await queue.transaction(queues.store.db, (_trx, tasks) => tasks.enqueue('check', [old]));
    await waitUntil(() => held.some(({ id }) => id === old.id));
  });
});

describe('a task that is held', () => {
  test('is kept alive until it is released, even by a consumer that takes no more', async () => {
    const { consumer, held } = queues.consume(queue);
    await queues.enqueue(queue, 2);
    await waitUntil(() => held.length === 2);
    const [released, kept] = [held[0]!, held[1]!];
    await consumer.pause();
    consumer.release(released);
    await ageHeartbeat(released);
    await ageHeartbeat(kept);
    await waitUntil(() => isFresh(kept), { what: 'the heartbeat' });
    expect(await isFresh(released)).toBe(false);
    expect(await queues.statesOf(held)).toEqual(['active', 'active']);
  });

  test('anew, after it was lost, is not let go by its earlier attempt', async () => {
    const { consumer, held } = queues.consume(queue);
    await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    // As if its heartbeats had not come through.
    await sql`UPDATE pgboss.job SET state = 'retry'`.execute(queues.store.db);
    consumer.wake();
    await waitUntil(() => held.length === 2);
    consumer.release(held[0]!);
    await consumer.stop();
    expect(await queues.statesOf([held[1]!])).toEqual(['retry']);
  });

  test('stays with its holder if the transaction that completes it fails', async () => {
    const { held } = queues.consume(queue);
    await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    const failing = queue.transaction(queues.store.db, async (_trx, tasks) => {
      await tasks.complete('check', held);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await queues.statesOf(held)).toEqual(['active']);
  });
});

describe('pausing', () => {
  test('takes no more, and leaves what there is to others', async () => {
    const { consumer, held } = queues.consume(queue);
    await consumer.pause();
    const tasks = await queues.enqueue(queue);
    const other = queues.consume(await queues.start());
    await waitUntil(() => other.held.length === 1);
    expect(idsOf(other.held)).toEqual(idsOf(tasks));
    expect(held).toEqual([]);
  });

  test('waits for the fetch under way: what it takes is handed over', async () => {
    const [task] = await queues.enqueue(queue);
    let paused: Promise<number> | undefined;
    await queues.store.db.transaction().execute(async (trx) => {
      await sql`LOCK TABLE pgboss.job`.execute(trx);
      const { consumer, held } = queues.consume(queue);
      await untilBlocked();
      paused = consumer.pause().then(() => held.length);
    });
    expect(await paused).toBe(1);
    expect(await queues.statesOf([task!])).toEqual(['active']);
  });
});

describe('stopping', () => {
  test('gives back what is held, and what the fetch under way takes', async () => {
    const first = queues.consume(queue);
    const [before] = await queues.enqueue(queue);
    await waitUntil(() => first.held.length === 1);
    let stopped: Promise<void> | undefined;
    let during: { id: string }[] = [];
    await queues.store.db.transaction().execute(async (trx) => {
      during = await queues.enqueue(queue);
      await sql`LOCK TABLE pgboss.job`.execute(trx);
      first.consumer.wake();
      await untilBlocked();
      stopped = first.consumer.stop();
    });
    await stopped;
    expect(await queues.statesOf([before!, ...during])).toEqual(['retry', 'retry']);
  });

  test('gives back nothing that was completed and released', async () => {
    const { consumer, held } = queues.consume(queue);
    await queues.enqueue(queue, 2);
    await waitUntil(() => held.length === 2);
    await queues.complete(queue, held[0]!);
    consumer.release(held[0]!);
    await consumer.stop();
    expect(await queues.statesOf(held)).toEqual([undefined, 'retry']);
  });

  test('gives back nothing that was handed to another worker meanwhile', async () => {
    const late = queues.consume(queue);
    await queues.enqueue(queue);
    await waitUntil(() => late.held.length === 1);
    // As if its heartbeats had not come through.
    await sql`UPDATE pgboss.job SET state = 'retry', retry_count = 1`.execute(queues.store.db);
    const heir = queues.consume(await queues.start());
    await waitUntil(() => heir.held.length === 1);
    await late.consumer.stop();
    expect(await queues.statesOf(heir.held)).toEqual(['active']);
  });

  test('may be done twice, of a consumer and of its queue', async () => {
    const { consumer, held } = queues.consume(queue);
    await queues.enqueue(queue);
    await waitUntil(() => held.length === 1);
    await consumer.stop();
    await consumer.stop();
    await queue.stop();
    await queue.stop();
    expect(await queues.statesOf(held)).toEqual(['retry']);
  });

  test('a queue gives back what all of its consumers hold', async () => {
    const [check, perform] = [queues.consume(queue), queues.consume(queue, {}, 'perform')];
    await queues.enqueue(queue, 1, 'check');
    await queues.enqueue(queue, 1, 'perform');
    await waitUntil(() => check.held.length === 1 && perform.held.length === 1);
    await queue.stop();
    expect(await queues.statesOf([...check.held, ...perform.held])).toEqual(['retry', 'retry']);
  });
});
