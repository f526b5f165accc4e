import { instantText, knownZone } from './instant-text.ts';

test('an instant is written as the api writes it, so that an untouched one is no change', () => {
  expect(instantText(new Date('2026-01-05T09:00:00Z'))).toBe('2026-01-05T09:00:00Z');
  expect(instantText(new Date('2026-01-05T09:00:00.250Z'))).toBe('2026-01-05T09:00:00.250Z');
});

test('while the name of a zone is being typed, times are told in UTC', () => {
  expect(knownZone('Europe/London')).toBe('Europe/London');
  expect(knownZone('Europe/Lond')).toBe('UTC');
});
