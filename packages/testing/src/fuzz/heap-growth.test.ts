import { heapGrowth } from './heap-growth.ts';

test('a heap that goes up and down is flat', () => {
  const samples = Array.from({ length: 40 }, (_, at) => 30 + (at % 3));
  expect(heapGrowth(samples)).toEqual({ growth: 1, isFlat: true });
});

test('one that loses a little with each round is not', () => {
  const samples = Array.from({ length: 40 }, (_, at) => 30 + at / 5);
  expect(heapGrowth(samples).isFlat).toBe(false);
});

test('a single outlier is no growth', () => {
  const samples = Array.from({ length: 40 }, (_, at) => (at === 38 ? 60 : 30));
  expect(heapGrowth(samples)).toEqual({ growth: 1, isFlat: true });
});
