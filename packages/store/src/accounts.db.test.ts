import type { Account } from '@automation/domain';
import { sql } from 'kysely';

import { accounts } from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE accounts CASCADE`.execute(store.db);
});

afterAll(() => store.dispose());

const createdAt = new Date('2026-01-02T03:04:05.678Z');
const account = (id: string, name = 'Acme'): Account => ({ id, name, createdAt });

async function idsOfPage(cursor?: string): Promise<string[]> {
  const page = await accounts.list(store.db, { limit: 2, cursor });
  return page.map(({ id }) => id);
}

test('an account is read as it was stored', async () => {
  await accounts.insert(store.db, account('acme', 'Acme & Söhne'));
  expect(await accounts.find(store.db, 'acme')).toEqual({ id: 'acme', name: 'Acme & Söhne', createdAt });
});

test('an unknown account is undefined, and ids are told apart by case', async () => {
  await accounts.insert(store.db, account('acme'));
  expect(await accounts.find(store.db, 'ACME')).toBeUndefined();
});

test('an id that is taken is a conflict, and what is there stays', async () => {
  await accounts.insert(store.db, account('acme', 'first'));
  await expect(accounts.insert(store.db, account('acme', 'second'))).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'account acme already exists',
  });
  expect(await accounts.find(store.db, 'acme')).toEqual(account('acme', 'first'));
});

test('ensuring an account answers whether it is new, and changes none that is there', async () => {
  expect(await accounts.ensure(store.db, account('acme', 'first'))).toBe(true);
  expect(await accounts.ensure(store.db, account('acme', 'second'))).toBe(false);
  expect(await accounts.find(store.db, 'acme')).toEqual(account('acme', 'first'));
});

test('replicas that ensure an account at once: it is new to one of them', async () => {
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => accounts.ensure(store.db, account('acme'))),
  );
  expect(answers.filter((isNew) => isNew)).toHaveLength(1);
});

test('accounts are listed by id, page after page', async () => {
  for (const id of ['c', 'a', 'e', 'b', 'd']) await accounts.insert(store.db, account(id));
  expect(await idsOfPage()).toEqual(['a', 'b']);
  expect(await idsOfPage('b')).toEqual(['c', 'd']);
  expect(await idsOfPage('d')).toEqual(['e']);
  expect(await idsOfPage('e')).toEqual([]);
});

test.each([
  { what: 'empty', id: '' },
  { what: 'longer than 128 characters', id: 'x'.repeat(129) },
])('an id that is $what is refused by the database (SPEC 1)', async ({ id }) => {
  await expect(accounts.insert(store.db, account(id))).rejects.toMatchObject({
    constraint: 'accounts_id_check',
  });
});
