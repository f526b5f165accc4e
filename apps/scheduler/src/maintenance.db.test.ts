import { auditLogEntry, type AuditLogEntry, BY_SERVICE } from '@automation/domain';
import { auditLog } from '@automation/store';
import { recordingLogger, unique } from '@automation/testing';

import { Maintenance } from './maintenance.ts';
import { openSchedulerDatabase, type SchedulerDatabase } from './scheduler-database.fixture.ts';

let database: SchedulerDatabase;

beforeAll(async () => {
  database = await openSchedulerDatabase();
});

afterAll(() => database.dispose());

function setup() {
  const logger = recordingLogger();
  const context = { db: database.store.db, logger, outage: { noticed: () => false } };
  const maintenance = new Maintenance(context, { historyDays: 30, auditLogDays: 40, eventDays: 3 });
  const warnings = () => logger.lines.filter(({ level }) => level === 'warn');
  return { maintenance, warnings };
}

/** Writes an entry of an account of its own for each number of days. */
async function recordChanges(...daysAgo: number[]): Promise<{ accountId: string; entries: AuditLogEntry[] }> {
  const accountId = unique('acc');
  const change = { action: 'job.run', accountId, targetId: 'job', before: null, after: null } as const;
  const entries = daysAgo.map((days) =>
    auditLogEntry(BY_SERVICE, change, new Date(Date.now() - days * 86_400_000)),
  );
  await database.store.db.transaction().execute((trx) => auditLog.record(trx, entries));
  return { accountId, entries };
}

const logOf = (accountId: string) => auditLog.list(database.store.db, { accountId, limit: 10 });

test('it deletes the entries of the audit log past AUDIT_LOG_DAYS, and no others', async () => {
  const { maintenance, warnings } = setup();
  const { accountId, entries } = await recordChanges(41, 39);
  await maintenance.start();
  await maintenance.stop();
  expect(warnings()).toEqual([]);
  expect(await logOf(accountId)).toEqual([entries[1]]);
});

test('a step that fails keeps none of the others from being done, and the log names it', async () => {
  const { maintenance, warnings } = setup();
  const { accountId } = await recordChanges(41);
  const { pool } = database.store;
  await pool.query('ALTER TABLE automation_missed_runs RENAME TO away');
  try {
    await maintenance.start();
    await maintenance.stop();
  } finally {
    await pool.query('ALTER TABLE away RENAME TO automation_missed_runs');
  }
  expect(warnings()).toMatchObject([{ fields: { step: 'history', error: { code: '42P01' } } }]);
  expect(await logOf(accountId)).toEqual([]);
});

test('claims do not wait until it has deleted what there is', async () => {
  const { maintenance } = setup();
  const holder = await database.store.pool.connect();
  await holder.query('BEGIN; LOCK TABLE automation_audit_log');
  await expect(maintenance.start()).resolves.toBeUndefined();
  await holder.query('COMMIT');
  holder.release();
  await maintenance.stop();
});
