import { ConcurrencyLimit } from './concurrency-limit.ts';

const refusal = () => new Error('too many');

/** Work that lasts until it is told to end. */
function begin(limit: ConcurrencyLimit, key: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { done: limit.run(key, refusal, () => promise), end: resolve, fail: reject };
}

test('so many of a key are under way at the same time, and another one once one is over', async () => {
  const limit = new ConcurrencyLimit(2);
  const first = begin(limit, 'a');
  const second = begin(limit, 'a');
  await expect(begin(limit, 'a').done).rejects.toThrow('too many');
  first.end();
  await first.done;
  const third = begin(limit, 'a');
  await expect(begin(limit, 'a').done).rejects.toThrow('too many');
  second.end();
  third.end();
  await Promise.all([second.done, third.done]);
});

test('keys take nothing from each other', async () => {
  const limit = new ConcurrencyLimit(1);
  const one = begin(limit, 'a');
  const other = begin(limit, 'b');
  one.end();
  other.end();
  await expect(Promise.all([one.done, other.done])).resolves.toHaveLength(2);
});

test('work that fails gives its place back', async () => {
  const limit = new ConcurrencyLimit(1);
  const failing = begin(limit, 'a');
  failing.fail(new Error('a bug'));
  await expect(failing.done).rejects.toThrow('a bug');
  await expect(limit.run('a', refusal, async () => 'done')).resolves.toBe('done');
});
