import { offsetText, wallText } from './wall-text.ts';

test('a run is told by the clocks of its zone, whatever the zone of the viewer', () => {
  expect(wallText('2026-03-29T03:00:00+02:00', 'whole')).toBe('Sun, 29 Mar 2026, 03:00');
  expect(wallText('2026-11-28T23:59:51.348-05:00', 'date')).toBe('28 Nov 2026, 23:59:51');
  expect(wallText('2026-11-28T00:00:00-05:00', 'weekday')).toBe('Sat 28 Nov, 00:00');
});

test('the offset tells two runs at the same time of the clock apart', () => {
  expect(offsetText('2026-11-01T01:30:00-04:00')).toBe('−04:00');
  expect(offsetText('2026-11-01T01:30:00Z')).toBe('+00:00');
});
