import { localTime } from './local-time.ts';

describe('what the clocks of a zone show, with its offset', () => {
  test.each([
    ['UTC', '2026-03-29T01:00:00Z', '2026-03-29T01:00:00+00:00'],
    ['Europe/Paris', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59+01:00'],
    ['Europe/Paris', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
    ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T01:30:00-04:00'],
    ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T01:30:00-05:00'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T05:45:00+05:45'],
    ['America/St_Johns', '2026-01-01T00:00:00Z', '2025-12-31T20:30:00-03:30'],
    ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', '2026-01-01T11:00:00+11:00'],
    ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', '2026-07-01T10:30:00+10:30'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29T23:59:59-10:00'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00+14:00'],
    ['US/Eastern', '2026-07-01T00:00:00Z', '2026-06-30T20:00:00-04:00'],
    ['EST', '2026-07-01T00:00:00Z', '2026-06-30T19:00:00-05:00'],
  ])('%s at %s', (zone, at, expected) => {
    expect(localTime(new Date(at), zone)).toBe(expected);
  });

  test('a fraction of a second is shown where there is one', () => {
    expect(localTime(new Date('2026-01-01T00:00:00.250Z'), 'Asia/Tokyo')).toBe(
      '2026-01-01T09:00:00.25+09:00',
    );
  });

  test('an offset with seconds is rounded to minutes, the time is not', () => {
    expect(localTime(new Date('1972-01-01T00:44:30Z'), 'Africa/Monrovia')).toBe('1972-01-01T00:00:00-00:45');
  });

  test('it reads back as the same instant in every zone', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      for (const at of ['1975-03-10T04:05:06.007Z', '2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z']) {
        expect([zone, Date.parse(localTime(new Date(at), zone))]).toEqual([zone, Date.parse(at)]);
      }
    }
  });
});
