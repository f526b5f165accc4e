import { barShare, timelineOf } from './timeline.ts';

const execution = (id: string, scheduledFor: string) =>
  ({
    id,
    status: 'succeeded',
    trigger: 'schedule',
    scheduled_for: scheduledFor,
    duration_ms: 1_500,
    lag_ms: 12,
  }) as const;

test('the past is followed by what comes next, in the order of time', () => {
  const newestFirst = [execution('b', '2026-01-05T09:01:00Z'), execution('a', '2026-01-05T09:00:00Z')];
  const entries = timelineOf(newestFirst, [
    { at: '2026-01-05T09:02:00Z', local: '2026-01-05T09:02:00+00:00', note: 'clocks go back' },
  ]);
  expect(entries.map(({ id }) => id)).toEqual(['a', 'b', '2026-01-05T09:02:00Z']);
  expect(entries[0]?.label).toMatch(/^Succeeded, .*, took 1.5 s, began 12 ms late$/);
  expect(entries[2]?.label).toMatch(/^To come, .*, clocks go back$/);
});

test('bars keep apart what takes milliseconds from what takes minutes, and the longest has all the height', () => {
  expect(barShare(120_000, 120_000)).toBe(1);
  expect(barShare(20, 120_000)).toBeGreaterThan(0.2);
  expect(barShare(null, 120_000)).toBe(0);
  expect(barShare(0, 0)).toBeGreaterThan(0);
});
