import { type ApiKey, newId } from '@automation/domain';

import { KnownKeys } from './known-keys.ts';

const jest = import.meta.jest;

const NOW = new Date('2026-03-04T05:06:07Z');

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

const secondsAhead = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

/** Keys as the database has them, by their texts, and which texts it was asked for. */
function setup() {
  const stored = new Map<string, ApiKey>();
  const asked: string[] = [];
  const keys = new KnownKeys(
    async (text) => {
      asked.push(text);
      return stored.get(text);
    },
    { now: () => new Date() },
  );
  const store = (text: string, overrides: Partial<ApiKey> = {}) => {
    const key: ApiKey = {
      id: newId(NOW),
      accountId: 'acc',
      name: 'key',
      scopes: ['read'],
      prefix: '',
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      createdAt: NOW,
      ...overrides,
    };
    stored.set(text, key);
    return key;
  };
  return { keys, stored, asked, store };
}

test('a key is looked up once, however often it is shown within two seconds', async () => {
  const { keys, store, asked } = setup();
  const [one, other] = [store('one'), store('other')];
  expect(await Promise.all([keys.find('one'), keys.find('one'), keys.find('other')])).toEqual([
    one,
    one,
    other,
  ]);
  jest.advanceTimersByTime(1_999);
  expect(await keys.find('one')).toEqual(one);
  expect(asked).toEqual(['one', 'other']);
});

test('a revoked key is no key any more two seconds after the look that found it valid', async () => {
  const { keys, store, stored } = setup();
  store('key');
  await keys.find('key');
  stored.delete('key');
  jest.advanceTimersByTime(1_000);
  expect(await keys.find('key')).toBeDefined();
  jest.advanceTimersByTime(1_000);
  expect(await keys.find('key')).toBeUndefined();
});

test('to show it in between does not make it last longer', async () => {
  const { keys, store, stored } = setup();
  store('key');
  await keys.find('key');
  stored.delete('key');
  for (let n = 0; n < 4; n += 1) {
    jest.advanceTimersByTime(500);
    await keys.find('key');
  }
  expect(await keys.find('key')).toBeUndefined();
});

test('to set the clock back does not make it last longer either', async () => {
  const { keys, store, stored } = setup();
  store('key');
  await keys.find('key');
  stored.delete('key');
  jest.advanceTimersByTime(2_000);
  jest.setSystemTime(secondsAhead(-3_600));
  expect(await keys.find('key')).toBeUndefined();
});

test('what the process itself revokes is revoked at once, a look-up under way included', async () => {
  const { keys, store, stored } = setup();
  const key = store('key');
  const underWay = keys.find('key');
  stored.delete('key');
  keys.forget();
  expect(await keys.find('key')).toBeUndefined();
  expect(await underWay).toEqual(key);
  expect(await keys.find('key')).toBeUndefined();
});

test('a key that expires is none from that instant on', async () => {
  const { keys, store } = setup();
  const key = store('key', { expiresAt: secondsAhead(1) });
  expect(await keys.find('key')).toEqual(key);
  jest.advanceTimersByTime(999);
  expect(await keys.find('key')).toEqual(key);
  jest.advanceTimersByTime(1);
  expect(await keys.find('key')).toBeUndefined();
});

test('nothing is kept of a text that is no key: it is looked up each time, and works as soon as it is one', async () => {
  const { keys, store, asked } = setup();
  expect(await Promise.all([keys.find('key'), keys.find('key')])).toEqual([undefined, undefined]);
  expect(await keys.find('key')).toBeUndefined();
  const key = store('key');
  expect(await keys.find('key')).toEqual(key);
  expect(asked).toEqual(['key', 'key', 'key']);
});

test('a look-up that fails is told to all who wait for it, and is made anew after that', async () => {
  let isDown = true;
  const keys = new KnownKeys(
    async () => {
      if (isDown) throw new Error('no database');
      return undefined;
    },
    { now: () => NOW },
  );
  const answers = await Promise.allSettled([keys.find('key'), keys.find('key')]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isDown = false;
  expect(await keys.find('key')).toBeUndefined();
});
