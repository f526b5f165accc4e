import type { QueryKey } from '@tanstack/react-query';

import { Invalidation } from './invalidation.ts';

beforeEach(() => import.meta.jest.useFakeTimers());
afterEach(() => import.meta.jest.useRealTimers());

function setup() {
  const read: (QueryKey | undefined)[] = [];
  const invalidation = new Invalidation({
    invalidateQueries: async (filters) => void read.push(filters?.queryKey),
  });
  return { read, invalidation };
}

const finished = (n: number) => ({
  id: String(n),
  time: '2026-01-05T09:00:00Z',
  type: 'execution.succeeded',
  job_id: 'j',
});

test('a flood of events has each query read again once a second', () => {
  const { read, invalidation } = setup();
  for (let n = 0; n < 500; n += 1) invalidation.add(finished(n));
  expect(read).toEqual([]);
  import.meta.jest.advanceTimersByTime(1_000);
  expect(read).toEqual([['jobs'], ['job', 'j']]);
  invalidation.add(finished(500));
  import.meta.jest.advanceTimersByTime(1_000);
  expect(read).toHaveLength(4);
});

test('nothing is read after it is stopped', () => {
  const { read, invalidation } = setup();
  invalidation.add(finished(1));
  invalidation.stop();
  import.meta.jest.advanceTimersByTime(10_000);
  expect(read).toEqual([]);
});
