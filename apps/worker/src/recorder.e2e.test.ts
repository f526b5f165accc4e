import { waitUntil } from '@automation/testing';

import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

let workers: TestWorkers;

beforeAll(async () => {
  workers = await openTestWorkers();
  // Whatever it may be that a database refuses.
  await workers.store.pool.query(`
    CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.check_result -> 'output' ? 'poison' THEN RAISE EXCEPTION 'poison'; END IF;
        IF NEW.check_result -> 'output' ? 'heavy' THEN PERFORM pg_advisory_xact_lock_shared(4711); END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER refuse_poison BEFORE UPDATE ON automation_executions
      FOR EACH ROW EXECUTE FUNCTION refuse_poison()`);
});

afterEach(() => workers.stopAll());

afterAll(() => workers.dispose());

test('an outcome that the database refuses stands in the way of no other, and its execution ends with a word of it', async () => {
  const { job, path } = await workers.newJob({ overlapPolicy: 'allow' });
  const together = Promise.withResolvers<void>();
  let asked = 0;
  workers.server.script(path, async () => {
    asked += 1;
    const isPoisoned = asked === 3;
    await together.promise;
    return { body: { shouldPerform: false, ...(isPoisoned && { poison: true }) } };
  });
  const runs = await Promise.all(Array.from({ length: 10 }, () => workers.run(job)));
  await workers.start();
  await waitUntil(() => asked === runs.length, { what: 'all to be asked' });
  together.resolve();

  const ended = await Promise.all(runs.map((run) => workers.untilFinished(run)));
  expect(ended.filter(({ status }) => status === 'declined')).toHaveLength(9);
  expect(ended.filter(({ status }) => status === 'failed')).toMatchObject([
    { reason: 'check: what came of it cannot be recorded', check: null },
  ]);
  await waitUntil(async () => (await workers.openTasks()) === 0, { what: 'no task to be left' });
});

test('what is not recorded yet is bounded: executions keep their places, and no others begin', async () => {
  const RUNS = 160;
  const heavy = { shouldPerform: false, heavy: 'x'.repeat(900_000) };
  const [flood, other] = await Promise.all([
    workers.newJob({ overlapPolicy: 'allow' }),
    workers.newJob({ overlapPolicy: 'allow' }),
  ]);
  let asked = 0;
  workers.server.script(flood.path, () => {
    asked += 1;
    return { body: heavy };
  });
  let isOtherAsked = false;
  workers.server.script(other.path, () => {
    isOtherAsked = true;
    return { body: {} };
  });
  const finished = async () => {
    const { rows } = await workers.store.pool.query<{ count: number }>(
      `SELECT count(*)::int FROM automation_executions WHERE status IN ('declined', 'succeeded') AND job_id = ANY($1)`,
      [[flood.job.id, other.job.id]],
    );
    return rows[0]!.count;
  };
  for (let n = 0; n < RUNS; n += 1) await workers.run(flood.job);
  const blocking = await workers.store.pool.connect();
  await blocking.query('SELECT pg_advisory_lock(4711)');
  try {
    await workers.start();
    // 72 places of one function, and the 16 MiB of those that have given theirs up.
    await waitUntil(() => asked >= 88, { what: 'the places to be taken' });
    await workers.run(other.job);
    await waitUntil(() => isOtherAsked, { what: 'another account to be asked' });
    expect(asked).toBeLessThan(RUNS - 20);
  } finally {
    await blocking.query('SELECT pg_advisory_unlock(4711)');
    blocking.release();
  }
  await waitUntil(async () => (await finished()) === RUNS + 1, { what: 'the rest', timeoutMs: 40_000 });
  expect(asked).toBe(RUNS);
}, 60_000);
