import type { Job } from '@automation/domain';
import { sql } from 'kysely';

import { insertMissedRuns, type MissedRunEntry } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;
let job: Job;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  job = await insertJob(store);
});

afterAll(() => store.dispose());

const at = (minute: number) => new Date(Date.parse('2026-03-04T05:00:00Z') + minute * 60_000);

/** The occurrences of every minute between two. */
const missed = (from: number, to: number, reason = 'catch_up_policy: latest'): MissedRunEntry => ({
  jobId: job.id,
  accountId: job.accountId,
  from: at(from),
  to: at(to),
  count: to - from + 1,
  reason,
});

const insert = (...entries: MissedRunEntry[]) =>
  store.db.transaction().execute((trx) => insertMissedRuns(trx, entries));

/** What the ledger has of a job's missed occurrences, oldest first. */
async function ledgerOf({ id }: Job): Promise<MissedRunEntry[]> {
  const { rows } = await sql<MissedRunEntry>`
    SELECT job_id, account_id, from_at AS "from", to_at AS "to", count, reason
    FROM automation_missed_runs WHERE job_id = ${id} ORDER BY from_at`.execute(store.db);
  return rows;
}

test('a run of missed occurrences is one row, with its ends, its count and its reason (SPEC 3, the ledger)', async () => {
  await insert(missed(0, 9_999));
  expect(await ledgerOf(job)).toEqual([missed(0, 9_999)]);
});

test('none at all are no rows', async () => {
  await insert();
  expect(await ledgerOf(job)).toEqual([]);
});

test('the runs of several jobs are written together', async () => {
  const ofOne = [missed(0, 4), missed(10, 10)];
  const one = job;
  job = await insertJob(store);
  const ofOther = [missed(0, 2, 'the job was paused')];
  await insert(...ofOne, ...ofOther);
  expect([await ledgerOf(one), await ledgerOf(job)]).toEqual([ofOne, ofOther]);
});

test('writing a run again changes nothing', async () => {
  await insert(missed(0, 4));
  await insert(missed(0, 4, 'another reason'));
  expect(await ledgerOf(job)).toEqual([missed(0, 4)]);
});

test('of two that begin alike the longer one stays, whichever comes first', async () => {
  await insert(missed(0, 4), missed(10, 19, 'long'));
  await insert(missed(0, 9, 'long'), missed(10, 14));
  expect(await ledgerOf(job)).toEqual([missed(0, 9, 'long'), missed(10, 19, 'long')]);
});

test('writers of the same run at once write it once', async () => {
  await Promise.all(Array.from({ length: 4 }, (_, n) => insert(missed(0, n))));
  expect(await ledgerOf(job)).toEqual([missed(0, 3)]);
});

test('a run is gone with the transaction that failed', async () => {
  const failing = store.db.transaction().execute(async (trx) => {
    await insertMissedRuns(trx, [missed(0, 4)]);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await ledgerOf(job)).toEqual([]);
});

test('a run of no occurrences is refused by the database', async () => {
  await expect(insert({ ...missed(0, 4), count: 0 })).rejects.toMatchObject({
    constraint: 'automation_missed_runs_count_check',
  });
});
