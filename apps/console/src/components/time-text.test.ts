import { localTimeText, utcText } from './time-text.ts';

test('UTC is told to the second, and to the millisecond if there are any', () => {
  expect(utcText(new Date('2026-01-05T09:00:00Z'))).toBe('2026-01-05 09:00:00 UTC');
  expect(utcText(new Date('2026-01-05T09:00:00.250Z'))).toBe('2026-01-05 09:00:00.250 UTC');
});

test('the year is told if it is not this one', () => {
  const at = new Date('2025-03-05T12:00:00Z');
  expect(localTimeText(at, 2025)).not.toContain('2025');
  expect(localTimeText(at, 2026)).toContain('2025');
});
