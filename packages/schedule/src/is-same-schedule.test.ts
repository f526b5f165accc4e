import { isSameSchedule } from './is-same-schedule.ts';
import { parseSchedule } from './schedule.ts';

const isSame = (a: [string, string?], b: [string, string?]) =>
  isSameSchedule(parseSchedule(...a), parseSchedule(...b));

test.each<[[string, string?], [string, string?]]>([
  [['0 9 * * MON'], [' 0  9 * * mon ']],
  [['@Hourly'], ['@hourly']],
  [['@every 15m'], ['@EVERY 15m', 'Europe/London']],
  [['@at 2030-01-01T00:00:00Z'], ['@at 2030-01-01T00:00:00Z', 'Asia/Kathmandu']],
  [
    ['0 9 * * *', 'Europe/London'],
    ['0 9 * * *', 'Europe/London'],
  ],
])('%j is %j', (a, b) => {
  expect(isSame(a, b)).toBe(true);
});

test.each<[[string, string?], [string, string?]]>([
  [['0 9 * * *'], ['0 10 * * *']],
  [['0 9 * * *'], ['0 9 * * *', 'Europe/London']],
  [['@every 15m'], ['@every 16m']],
])('%j is not %j', (a, b) => {
  expect(isSame(a, b)).toBe(false);
});
