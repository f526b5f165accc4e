import { ApiError } from '../api/api-error.ts';
import { runBulk } from './run-bulk.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const refusal = (status: number) => new ApiError({ status, code: 'X', message: `answered ${status}` });

function setup() {
  const steps: number[] = [];
  const abort = new AbortController();
  const options = { onStep: (settled: number) => steps.push(settled), signal: abort.signal, pauseMs: 1 };
  return { steps, abort, options };
}

async function refuseThrees(n: number): Promise<number> {
  if (n % 10 === 3) throw refusal(409);
  return n;
}

test('everything is done once, a few at a time, and each step is told', async () => {
  const { steps, options } = setup();
  let underWay = 0;
  let most = 0;
  const work = async (n: number) => {
    most = Math.max(most, (underWay += 1));
    await Promise.resolve();
    underWay -= 1;
    return n;
  };
  const { done, failed } = await runBulk(upTo(50), work, options);
  expect(done.toSorted((a, b) => a - b)).toEqual(upTo(50));
  expect(failed).toEqual([]);
  expect(steps).toEqual(upTo(50).map((n) => n + 1));
  expect(most).toBeLessThanOrEqual(6);
});

test('what fails is told of with its reason, and the rest is done', async () => {
  const { options } = setup();
  const { done, failed } = await runBulk(upTo(20), refuseThrees, options);
  expect(done).toHaveLength(18);
  expect(failed.map(({ item, error }) => [item, error.message])).toEqual([
    [3, 'answered 409'],
    [13, 'answered 409'],
  ]);
});

test('a service that has too many requests is asked again, but not for ever', async () => {
  const { options } = setup();
  const tries = new Map<number, number>();
  const work = async (n: number) => {
    const count = (tries.get(n) ?? 0) + 1;
    tries.set(n, count);
    if (n === 0 || count < 3) throw refusal(429);
    return n;
  };
  const { done, failed } = await runBulk(upTo(2), work, options);
  expect({ done, failed: failed.map(({ item }) => item) }).toEqual({ done: [1], failed: [0] });
  expect([...tries.values()]).toEqual([5, 3]);
});

test('once it is stopped, nothing more is begun', async () => {
  const { abort, options } = setup();
  const begun: number[] = [];
  const work = async (n: number) => {
    begun.push(n);
    abort.abort();
    return n;
  };
  const { done } = await runBulk(upTo(100), work, options);
  expect(done).toHaveLength(begun.length);
  expect(begun.length).toBeLessThan(10);
});
