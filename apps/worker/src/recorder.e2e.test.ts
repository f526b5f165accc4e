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
