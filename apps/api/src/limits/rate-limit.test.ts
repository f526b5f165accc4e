import { RateLimit } from './rate-limit.ts';

const { jest } = import.meta;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** What came of so many requests, one after the other. */
async function takeAll(limit: RateLimit, key: string, count: number): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (let n = 0; n < count; n += 1) answers.push((await limit.take(key)).isAllowed);
  return answers;
}

test('a key has so many requests in a second, and then so many again', async () => {
  const limit = new RateLimit('account', 3);
  expect(await takeAll(limit, 'a', 4)).toEqual([true, true, true, false]);
  jest.advanceTimersByTime(999);
  expect(await takeAll(limit, 'a', 1)).toEqual([false]);
  jest.advanceTimersByTime(1);
  expect(await takeAll(limit, 'a', 4)).toEqual([true, true, true, false]);
});

test('keys take nothing from each other', async () => {
  const limit = new RateLimit('account', 1);
  await takeAll(limit, 'a', 10);
  expect(await takeAll(limit, 'b', 2)).toEqual([true, false]);
});

test('what is left is counted down, and a look counts nothing', async () => {
  const limit = new RateLimit('account', 2);
  expect(await limit.isSpent('a')).toBe(false);
  expect(await limit.take('a')).toEqual({ isAllowed: true, remaining: 1, resetSeconds: 1 });
  expect(await limit.isSpent('a')).toBe(false);
  expect(await limit.take('a')).toEqual({ isAllowed: true, remaining: 0, resetSeconds: 1 });
  expect(await limit.isSpent('a')).toBe(true);
  expect(await limit.take('a')).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 1 });
});

test('a longer window is over when it began so long ago, and until then it says when', async () => {
  const limit = new RateLimit('account', 100, 60);
  expect(await limit.take('a', 60)).toEqual({ isAllowed: true, remaining: 40, resetSeconds: 60 });
  jest.advanceTimersByTime(50_500);
  expect(await limit.take('a', 60)).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 10 });
  jest.advanceTimersByTime(9_500);
  expect(await limit.take('a', 60)).toMatchObject({ isAllowed: true, remaining: 40 });
});

test('the header fields are those of the IETF draft', () => {
  expect(new RateLimit('account', 500).headers({ remaining: 499, resetSeconds: 1 })).toEqual({
    'RateLimit-Policy': '"account";q=500;w=1',
    RateLimit: '"account";r=499;t=1',
  });
});
