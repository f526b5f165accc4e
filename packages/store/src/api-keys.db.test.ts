import { createHash, randomUUID } from 'node:crypto';

import { type ApiKey, newId } from '@automation/domain';
import { buildAccount } from '@automation/testing';
import { sql } from 'kysely';

import { accounts, apiKeys } from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const minutesAhead = (minutes: number) => new Date(Date.now() + minutes * 60_000);

/** A key that is stored, of an account of its own unless one is given, and its text. */
async function setup(overrides: Partial<ApiKey> = {}) {
  const account = buildAccount();
  if (overrides.accountId === undefined) await accounts.insert(store.db, account);
  const text = `ak_${randomUUID()}`;
  const key: ApiKey = {
    id: newId(new Date()),
    accountId: account.id,
    name: 'key',
    scopes: ['read', 'write'],
    prefix: text.slice(0, 8),
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    createdAt: new Date('2026-01-02T03:04:05.678Z'),
    ...overrides,
  };
  await apiKeys.ensure(store.db, key, text);
  return { key, text };
}

const authenticate = (text: string) => apiKeys.authenticate(store.db, text);

async function lastUseOf({ accountId, id }: ApiKey): Promise<Date | null | undefined> {
  const list = await apiKeys.list(store.db, accountId);
  return list.find((key) => key.id === id)?.lastUsedAt;
}

test('a key is known by its text', async () => {
  const { key, text } = await setup({ scopes: ['admin'], expiresAt: minutesAhead(60) });
  await setup();
  expect(await authenticate(text)).toEqual(key);
});

test('a text that is no key, or only like one, is not known', async () => {
  const { text } = await setup();
  expect(await authenticate('')).toBeUndefined();
  expect(await authenticate(text.toUpperCase())).toBeUndefined();
  expect(await authenticate(`${text} `)).toBeUndefined();
  expect(await authenticate(text.slice(0, -1))).toBeUndefined();
});

test('only the hash of a key is kept (SPEC 5)', async () => {
  const { key, text } = await setup();
  const { rows } = await sql<{ hash: Buffer; row: string }>`
    SELECT hash, row_to_json(api_keys)::text AS row FROM api_keys WHERE id = ${key.id}`.execute(store.db);
  expect(rows[0]!.hash).toEqual(createHash('sha256').update(text).digest());
  expect(rows[0]!.row).not.toContain(text);
  expect(rows[0]!.row).not.toContain(Buffer.from(text).toString('hex'));
});

test('storing a key again leaves it as it is', async () => {
  const { key, text } = await setup();
  await apiKeys.ensure(store.db, { ...key, id: newId(new Date()), name: 'second', scopes: ['admin'] }, text);
  expect(await apiKeys.list(store.db, key.accountId)).toEqual([key]);
});

test('storing a revoked key again does not bring it back', async () => {
  const { key, text } = await setup();
  await apiKeys.revoke(store.db, key.accountId, key.id);
  await apiKeys.ensure(store.db, { ...key, id: newId(new Date()) }, text);
  expect(await authenticate(text)).toBeUndefined();
});

test('an expired key is not valid, one that expires later is', async () => {
  const { text: expired } = await setup({ expiresAt: minutesAhead(-1) });
  const { text: valid, key } = await setup({ expiresAt: minutesAhead(1) });
  expect(await authenticate(expired)).toBeUndefined();
  expect(await authenticate(valid)).toEqual(key);
});

test('a revoked key is not valid, and shows since when', async () => {
  const { key, text } = await setup();
  const revoked = await apiKeys.revoke(store.db, key.accountId, key.id);
  expect(revoked).toEqual({ ...key, revokedAt: expect.any(Date) });
  expect(await authenticate(text)).toBeUndefined();
  expect(await apiKeys.list(store.db, key.accountId)).toEqual([revoked]);
});

test('revoking again keeps the first time', async () => {
  const { key } = await setup({ revokedAt: new Date('2026-01-05T00:00:00Z') });
  expect(await apiKeys.revoke(store.db, key.accountId, key.id)).toEqual(key);
});

test("another account's key is not revoked, nor is an unknown one", async () => {
  const { key, text } = await setup();
  const { key: other } = await setup();
  expect(await apiKeys.revoke(store.db, other.accountId, key.id)).toBeUndefined();
  expect(await apiKeys.revoke(store.db, key.accountId, newId(new Date()))).toBeUndefined();
  expect(await authenticate(text)).toEqual(key);
});

test('the first use of a key is noted', async () => {
  const { key, text } = await setup();
  expect(await lastUseOf(key)).toBeNull();
  await authenticate(text);
  const noted = await lastUseOf(key);
  expect(Math.abs(noted!.getTime() - Date.now())).toBeLessThan(30_000);
});

test('a use within a minute of the last one writes nothing', async () => {
  const lastUsedAt = minutesAhead(-0.5);
  const { key, text } = await setup({ lastUsedAt });
  await authenticate(text);
  expect(await lastUseOf(key)).toEqual(lastUsedAt);
});

test('a use after more than a minute is noted', async () => {
  const lastUsedAt = minutesAhead(-2);
  const { key, text } = await setup({ lastUsedAt });
  await authenticate(text);
  const noted = await lastUseOf(key);
  expect(noted!.getTime() - lastUsedAt.getTime()).toBeGreaterThan(60_000);
});

test('a use of a key that is not valid is not noted', async () => {
  const { key, text } = await setup({ expiresAt: minutesAhead(-1) });
  await authenticate(text);
  expect(await lastUseOf(key)).toBeNull();
});

test("an account's keys are listed newest first, the revoked and expired ones too", async () => {
  const { key: first } = await setup({
    id: newId(new Date('2026-01-01T00:00:00Z')),
    expiresAt: new Date('2026-01-02T00:00:00Z'),
  });
  const { key: second } = await setup({
    id: newId(new Date('2026-01-01T00:00:01Z')),
    accountId: first.accountId,
    revokedAt: new Date('2026-01-03T00:00:00Z'),
  });
  await setup();
  expect(await apiKeys.list(store.db, first.accountId)).toEqual([second, first]);
});
