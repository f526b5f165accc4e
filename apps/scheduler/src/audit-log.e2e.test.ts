import { BY_SERVICE, type Job, type NewJob } from '@automation/domain';
import { auditLog } from '@automation/store';
import { unique } from '@automation/testing';

import { claimBatch } from './claim-batch.ts';
import {
  brokenQueue,
  insertDueJob,
  openSchedulerDatabase,
  type SchedulerDatabase,
} from './scheduler-database.fixture.ts';

let database: SchedulerDatabase;

beforeAll(async () => {
  database = await openSchedulerDatabase();
});

beforeEach(() => database.clear());

afterAll(() => database.dispose());

const claim = () => claimBatch(database.store.db, database.queue, { batchSize: 10, timeoutMs: 2_000 });
/** What the log says of a job since it was created. */
async function logOf({ accountId }: Job) {
  const entries = await auditLog.list(database.store.db, { accountId, limit: 10 });
  return entries.filter(({ action }) => action !== 'job.created');
}
const soon = () => new Date(Date.now() + 60_000);
const due = (definition: Partial<NewJob>, state: Partial<Job> = {}) =>
  insertDueJob(database.store, { accountId: unique('acc'), ...definition }, state);

test('a job whose last occurrence is claimed is completed in the name of the service (SPEC 1)', async () => {
  const job = await due({ schedule: '@every 1h' }, { endAt: soon() });
  const { now } = await claim();
  expect(await logOf(job)).toMatchObject([
    {
      ...BY_SERVICE,
      at: now,
      action: 'job.completed',
      targetId: job.id,
      before: { status: 'active', enabled: true, status_reason: null },
      after: { status: 'completed', enabled: false, status_reason: expect.stringContaining('end_at') },
    },
  ]);
});

test('one whose schedule can no longer be read is paused in its name, with the reason', async () => {
  const job = await due({}, { timezone: 'Mars/Base' });
  await claim();
  expect(await logOf(job)).toMatchObject([
    { action: 'job.paused', after: { status_reason: expect.stringContaining('Mars/Base') } },
  ]);
});

test('one that goes on leaves no entry, nor does a claim that is rolled back', async () => {
  const goesOn = await due({});
  const ends = await due({ schedule: '@every 1h' }, { endAt: soon() });
  await expect(
    claimBatch(database.store.db, brokenQueue, { batchSize: 10, timeoutMs: 2_000 }),
  ).rejects.toThrow('no queue');
  expect([...(await logOf(goesOn)), ...(await logOf(ends))]).toEqual([]);
  await claim();
  expect(await logOf(goesOn)).toEqual([]);
});
