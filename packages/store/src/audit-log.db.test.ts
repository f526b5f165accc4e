import { auditLogEntry, type AuditLogEntry, BY_SERVICE, type Change, type Origin } from '@automation/domain';
import { unique } from '@automation/testing';
import { sql } from 'kysely';

import { auditLog, type Database } from './index.ts';
import { planOf } from './query-plan.fixture.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

const DAY_MS = 86_400_000;

let store: TestStore;
let accountId: string;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(() => {
  accountId = unique('acc');
});

afterAll(() => store.dispose());

const BY_KEY: Origin = {
  actor: { kind: 'api_key', id: 'key' },
  requestId: 'request',
  clientAddress: '2001:db8::1',
};

function entry(change: Partial<Change> = {}, at = new Date(), origin = BY_SERVICE): AuditLogEntry {
  const created = { action: 'job.created', targetId: 'job', before: null, after: null } as const;
  return auditLogEntry(origin, { accountId, ...created, ...change }, at);
}

/** Writes entries as a use case does, and answers them. */
async function record(...entries: AuditLogEntry[]): Promise<AuditLogEntry[]> {
  await store.db.transaction().execute((trx) => auditLog.record(trx, entries));
  return entries;
}

const list = (filter: Partial<auditLog.AuditLogFilter> = {}) =>
  auditLog.list(store.db, { accountId, limit: 100, ...filter });

const plan = (work: (db: Database) => Promise<unknown>) => planOf(store.pool, 'automation_audit_log', work);
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
const second = (n: number) => new Date(Date.parse('2026-03-04T05:06:00Z') + n * 1_000);

test('an entry is read as it was written', async () => {
  const before = { name: 'Täglich', payload: { list: [1, null, { a: 'é' }] }, enabled: false };
  const [written] = await record(entry({ before, after: {} }, second(0), BY_KEY));
  expect(await list()).toEqual([written]);
});

test('one of the service itself has neither request nor address', async () => {
  const [written] = await record(entry());
  expect(written).toMatchObject({ requestId: null, clientAddress: null, before: null, after: null });
  expect(await list()).toEqual([written]);
});

test('what PostgreSQL has no text for is replaced', async () => {
  await record(entry({ after: { status_reason: 'a\0b\uD800' } }));
  expect(await list()).toMatchObject([{ after: { status_reason: 'a\uFFFDb\uFFFD' } }]);
});

test('many are written at once, and none is no statement', async () => {
  await record(...Array.from({ length: 500 }, (_, n) => entry({}, second(n))));
  expect(await list({ limit: 1_000 })).toHaveLength(500);
  await record();
});

test('a change that is rolled back leaves none', async () => {
  const change = store.db.transaction().execute(async (trx) => {
    await auditLog.record(trx, [entry()]);
    throw new Error('refused after all');
  });
  await expect(change).rejects.toThrow('refused after all');
  expect(await list()).toEqual([]);
});

describe('the list', () => {
  test('is newest first, page after page', async () => {
    const written = await record(...[2, 0, 4, 1, 3].map((n) => entry({}, second(n))));
    const newestFirst = written.toSorted((a, b) => b.at.getTime() - a.at.getTime());
    expect(await list({ limit: 2 })).toEqual(newestFirst.slice(0, 2));
    expect(await list({ limit: 2, cursor: newestFirst[1]!.id })).toEqual(newestFirst.slice(2, 4));
    expect(await list({ limit: 2, cursor: newestFirst[4]!.id })).toEqual([]);
  });

  test('is of one target, or of one action', async () => {
    const [one, other] = await record(entry({ targetId: 'one' }), entry({ action: 'job.run' }));
    expect(await list({ targetId: 'one' })).toEqual([one]);
    expect(await list({ action: 'job.run' })).toEqual([other]);
    expect(await list({ targetId: 'one', action: 'job.run' })).toEqual([]);
  });

  test('is of a span of time, whose end is not part of it', async () => {
    const [, one, two] = await record(...[0, 1, 2, 3].map((n) => entry({}, second(n))));
    expect(await list({ from: second(1), to: second(3) })).toEqual([two, one]);
    expect(await list({ from: new Date('1066-10-14T00:00:00Z'), to: second(0) })).toEqual([]);
  });

  test('has nothing of another account, even of the same target', async () => {
    const [foreign] = await record(entry({ accountId: unique('other'), targetId: 'shared' }));
    expect(await list({ targetId: 'shared' })).toEqual([]);
    expect(await list({ cursor: foreign!.id })).toEqual([]);
  });
});

describe('an entry stays as it is', () => {
  test.each([
    { what: 'UPDATE', text: `UPDATE automation_audit_log SET actor_id = 'nobody'` },
    { what: 'DELETE', text: 'DELETE FROM automation_audit_log' },
    { what: 'TRUNCATE', text: 'TRUNCATE automation_audit_log' },
    { what: 'TRUNCATE … CASCADE', text: 'TRUNCATE automation_audit_log CASCADE' },
  ])('$what is refused by the database', async ({ text }) => {
    const written = await record(entry());
    await expect(sql.raw(text).execute(store.db)).rejects.toMatchObject({ code: '42501' });
    expect(await list()).toEqual(written);
  });

  test('even an old one can only be deleted', async () => {
    await record(entry({}, daysAgo(400)));
    const forged = sql`UPDATE automation_audit_log SET at = now() WHERE account_id = ${accountId}`;
    await expect(forged.execute(store.db)).rejects.toThrow('append-only: UPDATE is refused');
  });
});

describe('past its time', () => {
  test('an entry is deleted, and no younger one', async () => {
    const [, young] = await record(entry({}, daysAgo(366)), entry({}, daysAgo(364)));
    await auditLog.removeBefore(store.db, daysAgo(365));
    expect(await list()).toEqual([young]);
  });

  test('none is before it has been there for 30 days, whoever asks', async () => {
    const written = await record(entry({}, daysAgo(29)));
    await expect(auditLog.removeBefore(store.db, daysAgo(28))).rejects.toThrow(
      'keeps its entries for 30 days',
    );
    expect(await list()).toEqual(written);
  });
});

describe('among many entries', () => {
  beforeAll(async () => {
    // Of ten accounts, a minute apart; each target has been changed once.
    await sql`
      INSERT INTO automation_audit_log (id, account_id, at, actor_kind, actor_id, action, target_type, target_id)
      SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
             'many-' || n % 10, at, 'service', 'service', 'job.run', 'job', 'target-' || n % 100000
      FROM (SELECT n, now() - n * interval '1 minute' AS at FROM generate_series(1, 100000) AS n) AS entry`.execute(
      store.db,
    );
    await sql`ANALYZE automation_audit_log`.execute(store.db);
  });

  const ofOne = { accountId: 'many-7', limit: 100 };

  test("an account's are found by its key, without sorting them", async () => {
    for (const filter of [ofOne, { ...ofOne, from: daysAgo(7) }, { ...ofOne, cursor: entry().id }]) {
      const { reads, steps } = await plan((db) => auditLog.list(db, filter));
      expect(reads).toEqual(['automation_audit_log by automation_audit_log_pkey']);
      expect(steps).not.toContain('Sort');
    }
  });

  test("a target's by their index", async () => {
    const { reads } = await plan((db) => auditLog.list(db, { ...ofOne, targetId: 'target-7' }));
    expect(reads).toEqual(['automation_audit_log by automation_audit_log_target']);
  });

  test('the old ones by their age', async () => {
    const { reads } = await plan((db) => auditLog.removeBefore(db, daysAgo(3_650)));
    expect(reads).toContain('automation_audit_log by automation_audit_log_age');
  });
});
