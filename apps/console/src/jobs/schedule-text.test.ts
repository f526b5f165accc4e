import { scheduleText } from './schedule-text.ts';

test('a schedule is told in plain English', () => {
  expect(scheduleText('30 15 * * 5', 'Europe/London')).toBe('At 15:30, only on Friday');
  expect(scheduleText('@every 90m', 'UTC')).toBe('Every 1 hour 30 minutes');
});

test('a schedule that can not be read is shown as it is written', () => {
  expect(scheduleText('@fortnightly', 'UTC')).toBe('@fortnightly');
  expect(scheduleText('@daily', 'Mars/Olympus')).toBe('@daily');
});
