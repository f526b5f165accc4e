import { createHash, randomUUID } from 'node:crypto';

import type { JsonValue } from '@automation/domain';
import { sql } from 'kysely';

import { idempotencyKeys } from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

/** What a request with a key of its own may do. */
function setup(accountId = 'acc', key: string = randomUUID()) {
  return {
    key,
    begin: (body = 'body') => {
      const requestHash = createHash('sha256').update(body).digest();
      return idempotencyKeys.begin(store.db, { accountId, key, requestHash });
    },
    finish: (status: number, body: JsonValue) =>
      idempotencyKeys.finish(store.db, { accountId, key, status, body }),
    abandon: () => idempotencyKeys.abandon(store.db, { accountId, key }),
    /** Makes the key older than it is. */
    age: (interval: string) =>
      sql`UPDATE idempotency_keys SET created_at = created_at - ${interval}::interval
          WHERE account_id = ${accountId} AND key = ${key}`.execute(store.db),
    exists: async () => {
      const { rows } = await sql`
        SELECT FROM idempotency_keys WHERE account_id = ${accountId} AND key = ${key}`.execute(store.db);
      return rows.length === 1;
    },
  };
}

test('a key is new once, and under way until its request is answered', async () => {
  const { begin } = setup();
  expect(await begin()).toEqual({ kind: 'new' });
  expect(await begin()).toEqual({ kind: 'under_way' });
});

test.each<{ status: number; body: JsonValue }>([
  { status: 201, body: { id: 'job', snake_case: { camelCase: [1, null] } } },
  { status: 400, body: ['a', 'list'] },
  { status: 204, body: null },
  { status: 200, body: 'a text' },
])('the same request is answered again: $status $body', async ({ status, body }) => {
  const { begin, finish } = setup();
  await begin();
  await finish(status, body);
  expect(await begin()).toEqual({ kind: 'answered', status, body });
  expect(await begin()).toEqual({ kind: 'answered', status, body });
});

test('a different request with the same key is told so, while the first is under way and after it', async () => {
  const { begin, finish } = setup();
  await begin();
  expect(await begin('other body')).toEqual({ kind: 'different_request' });
  await finish(201, {});
  expect(await begin('other body')).toEqual({ kind: 'different_request' });
});

test('of simultaneous requests with one key one is new, and the others find it under way', async () => {
  const { begin } = setup();
  const states = await Promise.all(Array.from({ length: 5 }, () => begin()));
  expect(states.map((state) => state.kind).toSorted()).toEqual(['new', ...Array(4).fill('under_way')]);
});

test('another account may use the same key', async () => {
  const { key, begin, finish } = setup('one');
  await begin();
  await finish(201, { of: 'one' });
  const other = setup('two', key);
  expect(await other.begin('other body')).toEqual({ kind: 'new' });
  await other.finish(201, { of: 'two' });
  expect(await begin()).toEqual({ kind: 'answered', status: 201, body: { of: 'one' } });
});

test('a key that is given back is new again', async () => {
  const { begin, abandon } = setup();
  await begin();
  await abandon();
  expect(await begin('other body')).toEqual({ kind: 'new' });
});

test('giving a key back leaves the others', async () => {
  const [given, kept] = [setup(), setup()];
  await given.begin();
  await kept.begin();
  await given.abandon();
  expect(await kept.begin()).toEqual({ kind: 'under_way' });
});

test('an answer is kept for 24 hours, then the key is new, for any request (SPEC 5)', async () => {
  const { begin, finish, age } = setup();
  await begin();
  await finish(201, {});
  await age('23 hours 59 minutes');
  expect(await begin()).toMatchObject({ kind: 'answered' });
  await age('2 minutes');
  expect(await begin('other body')).toEqual({ kind: 'new' });
  expect(await begin('other body')).toEqual({ kind: 'under_way' });
});

test('a request without an answer counts as under way for two minutes, then the key is new', async () => {
  const { begin, age } = setup();
  await begin();
  await age('1 minute 50 seconds');
  expect(await begin()).toEqual({ kind: 'under_way' });
  await age('11 seconds');
  expect(await begin()).toEqual({ kind: 'new' });
  expect(await begin()).toEqual({ kind: 'under_way' });
});

test('only keys that are past their time are deleted', async () => {
  const [old, young, unanswered] = [setup(), setup(), setup()];
  await old.begin();
  await old.finish(201, {});
  await old.age('24 hours 1 second');
  await young.begin();
  await young.finish(201, {});
  await young.age('23 hours 59 minutes');
  await unanswered.begin();
  await idempotencyKeys.removeExpired(store.db);
  expect([await old.exists(), await young.exists(), await unanswered.exists()]).toEqual([false, true, true]);
});
