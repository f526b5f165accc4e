import { LowWaterMark } from './low-water-mark.ts';

const INSTANT = new Date('2026-03-01T12:00:00Z');

let now = 0;
const clock = () => now;

beforeEach(() => {
  now = 0;
});

test('at first all is searched, then from the mark on', () => {
  const lowWater = new LowWaterMark(10_000, clock);
  expect(lowWater.next()).toBeNull();
  lowWater.set(INSTANT);
  expect(lowWater.next()).toBe(INSTANT);
});

test('when something may be due at any time, all is searched again', () => {
  const lowWater = new LowWaterMark(10_000, clock);
  lowWater.next();
  lowWater.set(INSTANT);
  lowWater.clear();
  expect(lowWater.next()).toBeNull();
});

test('all is searched again after the interval: something may have become due before the mark', () => {
  const lowWater = new LowWaterMark(10_000, clock);
  lowWater.next();
  lowWater.set(INSTANT);
  now = 9_999;
  expect(lowWater.next()).toBe(INSTANT);
  now = 10_000;
  expect(lowWater.next()).toBeNull();
  lowWater.set(INSTANT);
  now = 19_999;
  expect(lowWater.next()).toBe(INSTANT);
});
