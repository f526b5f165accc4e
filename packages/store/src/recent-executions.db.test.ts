import { newId } from '@automation/domain';
import { sql } from 'kysely';

import { ensurePartitions, listRecentExecutions } from './index.ts';
import { insertJob, insertOccurrences, openTestStore, type TestStore } from './test-store.fixture.ts';

const HOUR_MS = 3_600_000;
const NOW = new Date();

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  await ensurePartitions(store.db, NOW);
});

afterEach(() => sql`TRUNCATE automation_executions, automation_jobs`.execute(store.db));

afterAll(() => store.dispose());

const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
const filter = { accountId: 'acc', count: 20, from: ago(48), to: ago(-1) };

test('each job has its newest executions, newest first', async () => {
  const [often, once] = [await insertJob(store), await insertJob(store)];
  const ofOften = await insertOccurrences(store, often, [ago(30), ago(3), ago(2), ago(1)]);
  await insertOccurrences(store, once, [ago(40)]);
  const ended = { startedAt: ago(0.5), completedAt: ago(0.25) };
  await sql`
    UPDATE automation_executions SET status = 'failed', task_id = NULL, started_at = ${ended.startedAt},
      completed_at = ${ended.completedAt} WHERE id = ${ofOften[3]?.id}`.execute(store.db);
  const recent = await listRecentExecutions(store.db, { ...filter, jobIds: [often.id, once.id], count: 3 });
  expect(recent.get(often.id)?.map(({ scheduledFor }) => scheduledFor)).toEqual([ago(1), ago(2), ago(3)]);
  expect(recent.get(often.id)?.[0]).toMatchObject({ status: 'failed', dueAt: ago(1), ...ended });
  expect(recent.get(once.id)).toMatchObject([{ status: 'pending', trigger: 'schedule', startedAt: null }]);
});

test('what is older than the span is left out, and a job without any has none', async () => {
  const [old, none] = [await insertJob(store), await insertJob(store)];
  await insertOccurrences(store, old, [ago(49), ago(47)]);
  const recent = await listRecentExecutions(store.db, { ...filter, jobIds: [old.id, none.id] });
  expect(recent.get(old.id)?.map(({ scheduledFor }) => scheduledFor)).toEqual([ago(47)]);
  expect(recent.get(none.id)).toEqual([]);
});

test("jobs of other accounts and ids of none aren't there", async () => {
  const [own, other] = [await insertJob(store), await insertJob(store, { accountId: 'other' })];
  await insertOccurrences(store, other, [ago(1)]);
  const recent = await listRecentExecutions(store.db, { ...filter, jobIds: [own.id, other.id, newId(NOW)] });
  expect([...recent.keys()]).toEqual([own.id]);
});
