import { sql } from 'kysely';

import { deleteInBatches } from './delete-in-batches.ts';
import { openTestStore, type TestStore, untilBlocked } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
  await sql`CREATE TABLE batches (xid text, rows bigint)`.execute(store.db);
  await sql`
    CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO batches SELECT pg_current_xact_id()::text, count(*) FROM gone;
      RETURN NULL;
    END $$`.execute(store.db);
  await sql`
    CREATE TRIGGER note_batch AFTER DELETE ON idempotency_keys REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION note_batch()`.execute(store.db);
});

beforeEach(async () => {
  await sql`TRUNCATE batches, idempotency_keys`.execute(store.db);
});

afterAll(() => store.dispose());

async function insertKeys(prefix: string, count: number): Promise<void> {
  await sql`
    INSERT INTO idempotency_keys (account_id, key, request_hash)
    SELECT 'acc', ${prefix} || n, '' FROM generate_series(1, ${count}::integer) AS n`.execute(store.db);
}

/** How many rows each transaction deleted. */
async function batches(): Promise<number[]> {
  const { rows } = await sql<{ rows: number }>`
    SELECT sum(rows)::integer AS rows FROM batches GROUP BY xid ORDER BY 1 DESC`.execute(store.db);
  return rows.map(({ rows: count }) => count);
}

async function keysLeft(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM idempotency_keys`.execute(
    store.db,
  );
  return rows[0]?.count ?? 0;
}

const deleteOld = () => deleteInBatches(store.db, 'idempotencyKeys', sql`key LIKE 'old%'`);

test('many rows are deleted by several transactions, and no others', async () => {
  await insertKeys('old', 20_500);
  await insertKeys('young', 10);
  await deleteOld();
  expect(await batches()).toEqual([10_000, 10_000, 500]);
  expect(await keysLeft()).toBe(10);
});

test('a row that changes while it is waited for stays', async () => {
  await insertKeys('old', 1);
  const changed = await store.db.transaction().execute(async (trx) => {
    await sql`UPDATE idempotency_keys SET key = 'young'`.execute(trx);
    const deletion = deleteOld();
    await untilBlocked(store);
    return { deletion };
  });
  await changed.deletion;
  expect(await keysLeft()).toBe(1);
});
