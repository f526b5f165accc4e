import type { Job, NewJob } from '@automation/domain';
import { newId } from '@automation/domain';
import { insertExecutions } from '@automation/store';
import { loseEachConnection, snapshotLedger, survivalFaults } from '@automation/testing';

import { claimBatch } from './claim-batch.ts';
import { insertDueJob, openSchedulerDatabase, type SchedulerDatabase } from './scheduler-database.fixture.ts';

const HOUR_MS = 3_600_000;
/** All that is arranged is due by then, and no more of it before the test is over. */
const NOW = Math.floor(Date.now() / 1_000) * 1_000;
const ENDED_AT = new Date(NOW - 1_000);

let database: SchedulerDatabase;

beforeAll(async () => {
  database = await openSchedulerDatabase();
});

afterEach(() => database.clear());

afterAll(() => database.dispose());

const claim = () => claimBatch(database.store.db, database.queue, { batchSize: 100, timeoutMs: 10_000 });

/** A job of every hour that nobody has claimed for three occurrences. */
function insertOverdue(
  name: string,
  definition: Partial<NewJob> = {},
  state: Partial<Job> = {},
): Promise<Job> {
  const anchor = new Date(NOW - 3.5 * HOUR_MS);
  const nextRun = new Date(anchor.getTime() + HOUR_MS);
  const schedule = '@every 1h';
  return insertDueJob(database.store, { name, schedule, ...definition }, { anchor, nextRun, ...state });
}

async function insertFinished(job: Job, scheduledFor: Date): Promise<void> {
  const { id: jobId, accountId, functionId } = job;
  const planned = { jobId, accountId, functionId, scheduledFor, dueAt: scheduledFor, taskId: null };
  const execution = {
    ...planned,
    id: newId(scheduledFor),
    trigger: 'schedule',
    state: 'skipped',
    reason: '',
  } as const;
  await database.store.db.transaction().execute((trx) => insertExecutions(trx, [execution]));
}

/** A job for each thing that a claim may do. */
async function arrange(): Promise<void> {
  await database.clear();
  await insertDueJob(database.store, { name: 'on time' });
  await insertOverdue('missed');
  await insertOverdue('caught up', { catchUpPolicy: 'all', overlapPolicy: 'queue' });
  await insertOverdue('overlap', {}, { inFlight: 1 });
  await insertOverdue('unreadable', {}, { timezone: 'Mars/Base' });
  await insertOverdue('ended', {}, { endAt: ENDED_AT });
  const again = await insertOverdue('again', { catchUpPolicy: 'all', overlapPolicy: 'queue' });
  await insertFinished(again, again.nextOccurrence!);
}

test('a claim whose connection is lost has happened wholly or not at all, and the next tick leaves no trace of it', async () => {
  const { pool } = database.store;
  const observe = () => snapshotLedger(pool);
  const result = await loseEachConnection(pool, { arrange, attempt: claim, observe });
  expect(result.statements[0]).toBe('begin');
  expect(result.statements.at(-1)).toBe('commit');
  expect(result.statements.length).toBeGreaterThan(9);
  expect(result.once).not.toEqual(result.before);
  expect(result.once.filter((line) => line.includes('[null]'))).toEqual([]);
  expect(result.twice).toEqual(result.once);
  expect(survivalFaults(result)).toEqual([]);
});
