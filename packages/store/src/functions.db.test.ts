import { type AutomationFunction, newId } from '@automation/domain';
import { buildAccount, buildFunction } from '@automation/testing';

import { accounts, functions, type Transaction } from './index.ts';
import { openTestStore, type TestStore, untilBlocked } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const inTransaction = <T>(work: (trx: Transaction) => Promise<T>) => store.db.transaction().execute(work);
const hold = (accountId: string, id: string) => inTransaction((trx) => functions.hold(trx, accountId, id));

/** An account of its own, and functions as they are asked for, each a second younger than the one before. */
async function setup() {
  const account = buildAccount();
  await accounts.insert(store.db, account);
  let second = 0;
  const insert = async (overrides: Partial<AutomationFunction> = {}) => {
    second += 1;
    const id = newId(new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1_000));
    const fn = buildFunction({ id, accountId: account.id, ...overrides });
    await functions.insert(store.db, fn);
    return fn;
  };
  return { accountId: account.id, insert };
}

test('a function is read as it was stored', async () => {
  const { accountId, insert } = await setup();
  const fn = await insert({ headers: { 'X-Api_Key': 'a', camelCase: 'b' }, timeoutSeconds: 900 });
  expect(await functions.find(store.db, accountId, fn.id)).toEqual(fn);
});

test('a function of another account is not found, nor is an unknown one', async () => {
  const { accountId, insert } = await setup();
  const other = await setup();
  const fn = await insert();
  expect(await functions.find(store.db, other.accountId, fn.id)).toBeUndefined();
  expect(await functions.find(store.db, accountId, 'unknown')).toBeUndefined();
});

test('an id that is taken is a conflict, whosever function it is, and what is there stays', async () => {
  const [mine, theirs] = [await setup(), await setup()];
  const fn = await mine.insert();
  for (const { insert } of [mine, theirs]) {
    await expect(insert({ id: fn.id, name: 'second' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `function ${fn.id} already exists`,
    });
  }
  expect(await functions.find(store.db, mine.accountId, fn.id)).toEqual(fn);
});

test('ensuring a function answers whether it is new, and changes none that is there', async () => {
  const { accountId } = await setup();
  const fn = buildFunction({ accountId });
  expect(await functions.ensure(store.db, fn)).toBe(true);
  expect(await functions.ensure(store.db, { ...fn, url: 'http://127.0.0.1:9/second' })).toBe(false);
  expect(await functions.find(store.db, accountId, fn.id)).toEqual(fn);
});

test("a function's account may be kept by an external service", async () => {
  const fn = buildFunction({ accountId: 'kept-elsewhere' });
  await functions.insert(store.db, fn);
  expect(await functions.find(store.db, 'kept-elsewhere', fn.id)).toEqual(fn);
});

test("an account's functions are listed newest first, page after page", async () => {
  const { accountId, insert } = await setup();
  const [first, second, third] = [await insert(), await insert(), await insert()];
  await (await setup()).insert();
  const page = (cursor?: string) => functions.list(store.db, { accountId, limit: 2, cursor });
  expect(await page()).toEqual([third, second]);
  expect(await page(second.id)).toEqual([first]);
  expect(await page(first.id)).toEqual([]);
});

test('an update changes what it names and answers the function', async () => {
  const { accountId, insert } = await setup();
  const [fn, other] = [await insert(), await insert()];
  const changes = { url: 'http://127.0.0.1:9/new', headers: {}, updatedAt: new Date('2026-02-03T04:05:06Z') };
  const changed = { ...fn, ...changes };
  expect(await functions.update(store.db, accountId, fn.id, changes)).toEqual(changed);
  expect(await functions.find(store.db, accountId, fn.id)).toEqual(changed);
  expect(await functions.find(store.db, accountId, other.id)).toEqual(other);
});

describe('a rotation', () => {
  const until = new Date('2026-02-04T04:05:06Z');
  const updatedAt = new Date('2026-02-03T04:05:06Z');

  test('keeps the last secret until its end, and forgets an older one', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert();
    const rotate = (secret: string) =>
      functions.rotateSecret(store.db, accountId, fn.id, { secret, overlapsUntil: until, updatedAt });
    const rotated = { ...fn, previousSecretUntil: until, updatedAt };
    expect(await rotate('second')).toEqual({ ...rotated, secret: 'second', previousSecret: fn.secret });
    expect(await rotate('third')).toEqual({ ...rotated, secret: 'third', previousSecret: 'second' });
  });

  test('without an overlap keeps no secret', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert({ previousSecret: 'zeroth', previousSecretUntil: until });
    const rotation = { secret: 'second', overlapsUntil: null, updatedAt };
    expect(await functions.rotateSecret(store.db, accountId, fn.id, rotation)).toEqual({
      ...fn,
      secret: 'second',
      previousSecret: null,
      previousSecretUntil: null,
      updatedAt,
    });
  });

  test('at the same time as another one takes its turn: the last secret given is the one replaced', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert();
    const secrets = ['one', 'other'];
    await Promise.all(
      secrets.map((secret) =>
        functions.rotateSecret(store.db, accountId, fn.id, { secret, overlapsUntil: until, updatedAt }),
      ),
    );
    const found = await functions.find(store.db, accountId, fn.id);
    expect(new Set([found?.secret, found?.previousSecret])).toEqual(new Set(secrets));
  });
});

test("another account's function is neither changed nor deleted", async () => {
  const { accountId, insert } = await setup();
  const { accountId: thief } = await setup();
  const fn = await insert();
  const changes = { url: 'http://127.0.0.1:9/stolen', updatedAt: new Date() };
  expect(await functions.update(store.db, thief, fn.id, changes)).toBeUndefined();
  const rotation = { secret: 'stolen', overlapsUntil: null, updatedAt: new Date() };
  expect(await functions.rotateSecret(store.db, thief, fn.id, rotation)).toBeUndefined();
  expect(await functions.remove(store.db, thief, fn.id)).toBeUndefined();
  expect(await functions.find(store.db, accountId, fn.id)).toEqual(fn);
});

test('deleting answers the function, once, and leaves the others', async () => {
  const { accountId, insert } = await setup();
  const [fn, other] = [await insert(), await insert()];
  expect(await functions.remove(store.db, accountId, fn.id)).toEqual(fn);
  expect(await functions.remove(store.db, accountId, fn.id)).toBeUndefined();
  expect(await functions.list(store.db, { accountId, limit: 10 })).toEqual([other]);
});

describe('a function that is held', () => {
  test("is the account's own: another's or an unknown one cannot be", async () => {
    const { accountId, insert } = await setup();
    const { accountId: other } = await setup();
    const fn = await insert();
    expect(await hold(accountId, fn.id)).toBe(true);
    expect(await hold(other, fn.id)).toBe(false);
    expect(await hold(accountId, 'unknown')).toBe(false);
  });

  test('is not deleted until the transaction ends', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert();
    let removed: Promise<unknown> | undefined;
    await inTransaction(async (trx) => {
      await functions.hold(trx, accountId, fn.id);
      removed = functions.remove(store.db, accountId, fn.id);
      await untilBlocked(store);
      expect(await functions.find(trx, accountId, fn.id)).toEqual(fn);
    });
    expect(await removed).toEqual(fn);
  });

  test('cannot be one that is being deleted: who wants it waits for that, and learns that it is gone', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert();
    let held: Promise<boolean> | undefined;
    await inTransaction(async (trx) => {
      await functions.remove(trx, accountId, fn.id);
      held = hold(accountId, fn.id);
      await untilBlocked(store);
    });
    expect(await held).toBe(false);
  });

  test('can be had if its deletion fails', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert();
    let held: Promise<boolean> | undefined;
    const failing = inTransaction(async (trx) => {
      await functions.remove(trx, accountId, fn.id);
      held = hold(accountId, fn.id);
      await untilBlocked(store);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await held).toBe(true);
  });

  test('may be held by others too, and changed', async () => {
    const { accountId, insert } = await setup();
    const fn = await insert();
    const changes = { url: 'http://127.0.0.1:9/new', updatedAt: new Date('2026-02-03T04:05:06Z') };
    await inTransaction(async (trx) => {
      await functions.hold(trx, accountId, fn.id);
      expect(await hold(accountId, fn.id)).toBe(true);
      expect(await functions.update(store.db, accountId, fn.id, changes)).toEqual({ ...fn, ...changes });
    });
  });
});
