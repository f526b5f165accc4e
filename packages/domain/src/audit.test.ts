import { audit, type Entry, span } from './audit.fixture.ts';
import { NOTHING_AUDITED } from './audit.ts';

/** On the day of which most tests are: the jobs are created at its beginning. */
const at = (time: string) => new Date(`2025-12-01T${time}Z`);
const hour = (n: number) => new Date(at('00:00:00').getTime() + n * 3_600_000);
const hours = (...all: number[]) => all.map(hour);
const day = { from: hour(0), to: hour(24) };
const morning = { from: hour(0), to: at('06:30:00') };

/** An hourly job that claims have brought up to seven o'clock. */
const hourly = { spans: [span('@hourly')], nextOccurrence: hour(7) };
const missed = (from: number, to: number, count: number) => ({ from: hour(from), to: hour(to), count });

describe('a job that runs by one timetable', () => {
  test('everything is accounted for', () => {
    const entries = hours(1, 2, 3, 4, 5, 6);
    expect(audit(hourly, entries, morning)).toEqual({ ...NOTHING_AUDITED, expected: 6 });
  });

  test('missed occurrences are accounted for by their run', () => {
    const entries = [hour(1), missed(2, 5, 4), hour(6)];
    expect(audit(hourly, entries, morning)).toEqual({ ...NOTHING_AUDITED, expected: 6, missed: 4 });
  });

  test.each<[string, Entry[], object]>([
    ['at the beginning', hours(2, 3, 4, 5, 6), { unaccounted: 1 }],
    ['in the middle', hours(1, 2, 5, 6), { unaccounted: 2 }],
    ['at the end', hours(1, 2, 3, 4, 5), { unaccounted: 1 }],
    ['all', [], { unaccounted: 6 }],
    ['beside missed ones', [hour(1), missed(3, 5, 3), hour(6)], { missed: 3, unaccounted: 1 }],
    [
      'of a missed run that counts too few',
      [hour(1), missed(2, 5, 3), hour(6)],
      { missed: 3, unaccounted: 1 },
    ],
  ])('an occurrence without an entry is unaccounted for: %s', (_where, entries, differences) => {
    expect(audit(hourly, entries, morning)).toEqual({ ...NOTHING_AUDITED, expected: 6, ...differences });
  });

  test.each<[string, Entry[], object]>([
    ['a stranger', [...hours(1, 2, 3, 4, 5, 6), at('03:00:01')], { unexpected: 1 }],
    [
      'one off by a millisecond',
      [...hours(1, 2, 4, 5, 6), at('03:00:00.001')],
      { unexpected: 1, unaccounted: 1 },
    ],
    ['the instant of creation', [...hours(0, 1, 2, 3, 4, 5, 6)], { unexpected: 1 }],
    ['an execution twice', [...hours(1, 2, 3, 3, 4, 5, 6)], { unexpected: 1 }],
    [
      'an execution of a missed one',
      [hour(1), missed(2, 5, 4), hour(4), hour(6)],
      { missed: 4, unexpected: 1 },
    ],
    ['missed ones that overlap', [hour(1), missed(2, 4, 3), missed(3, 6, 4)], { missed: 7, unexpected: 2 }],
    ['one run within another', [hour(1), missed(2, 6, 5), missed(3, 4, 2)], { missed: 7, unexpected: 2 }],
    ['a missed run that counts too many', [missed(1, 6, 8)], { missed: 8, unexpected: 2 }],
    [
      'a missed run that begins at no occurrence',
      [{ from: at('00:30:00'), to: hour(6), count: 6 }],
      { missed: 6, unexpected: 1 },
    ],
    [
      'a missed run of nothing',
      [...hours(1, 2, 3, 4, 5, 6), { from: at('03:10:00'), to: at('03:20:00'), count: 2 }],
      { missed: 2, unexpected: 2 },
    ],
  ])(
    'an entry that stands for no occurrence, or for one that has an entry, is unexpected: %s',
    (_what, entries, differences) => {
      expect(audit(hourly, entries, morning)).toEqual({ ...NOTHING_AUDITED, expected: 6, ...differences });
    },
  );

  test('what has not been claimed yet is due', () => {
    const job = { spans: [span('@hourly')], nextOccurrence: hour(4) };
    expect(audit(job, hours(1, 2), morning)).toEqual({
      ...NOTHING_AUDITED,
      expected: 6,
      unaccounted: 1,
      due: 3,
    });
  });

  test('an enabled job without a next occurrence has an excuse for nothing', () => {
    const job = { spans: [span('@hourly')], nextOccurrence: null };
    expect(audit(job, hours(1, 2), morning)).toMatchObject({ expected: 6, due: 0, unaccounted: 4 });
  });

  test('a year of seconds with nothing in the ledger is counted, not walked through', () => {
    const window = { from: hour(0), to: new Date('2026-12-01T00:00:00Z') };
    const job = { spans: [span('@every 1s')], nextOccurrence: null };
    // Of the processor's time: on a busy machine the clock on the wall goes on without us.
    const started = process.cpuUsage();
    expect(audit(job, [], window).unaccounted).toBe(365 * 86_400 - 1);
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });

  test('start_at and end_at bound it', () => {
    const timetable = { startAt: hour(2), anchor: hour(2), endAt: hour(4) };
    const job = { spans: [span('@every 1h', timetable)], nextOccurrence: null };
    expect(audit(job, hours(2, 3, 4), morning)).toEqual({ ...NOTHING_AUDITED, expected: 3 });
  });
});

describe('windows', () => {
  const job = { spans: [span('@hourly')], nextOccurrence: hour(20) };

  test('the beginning is included, the end is not', () => {
    expect(audit(job, hours(3, 4, 5), { from: hour(3), to: hour(6) })).toMatchObject({
      expected: 3,
      unaccounted: 0,
      unexpected: 0,
    });
  });

  test('missed runs that reach over an end count as far as they are inside', () => {
    const window = { from: hour(4), to: hour(8) };
    expect(audit(job, [missed(1, 5, 5), hour(6), missed(7, 12, 6)], window)).toEqual({
      ...NOTHING_AUDITED,
      expected: 4,
      missed: 3,
    });
    expect(audit(job, [missed(1, 12, 12)], window)).toEqual({ ...NOTHING_AUDITED, expected: 4, missed: 4 });
  });

  test('side by side they come to the same as one over all', () => {
    const entries = [...hours(1, 2, 5), missed(7, 12, 6), hour(15)];
    const parts = [0, 4, 9, 13, 20].map(hour);
    const within = (from: Date, to: Date) =>
      entries.filter((entry) =>
        entry instanceof Date ? entry >= from && entry < to : entry.to >= from && entry.from < to,
      );
    const sum = { expected: 0, unaccounted: 0, missed: 0 };
    for (const [n, from] of parts.slice(0, -1).entries()) {
      const to = parts[n + 1] ?? from;
      const counts = audit(job, within(from, to), { from, to });
      sum.expected += counts.expected;
      sum.unaccounted += counts.unaccounted;
      sum.missed += counts.missed;
    }
    expect(sum).toEqual({ expected: 19, unaccounted: 9, missed: 6 });
    expect(audit(job, entries, { from: hour(0), to: hour(20) })).toMatchObject(sum);
  });
});

describe('changes of the timetable', () => {
  test('nothing is expected of the time between a pause and a resumption', () => {
    const spans = [span('@hourly', { until: at('02:30:00') }), span('@hourly', { after: at('05:30:00') })];
    const job = { spans, nextOccurrence: hour(7) };
    expect(audit(job, hours(1, 2, 6), morning)).toEqual({ ...NOTHING_AUDITED, expected: 3 });
    expect(audit(job, hours(1, 2, 4), morning)).toMatchObject({ unexpected: 1, unaccounted: 1 });
  });

  test('an edit between two occurrences takes over where it was made', () => {
    const spans = [
      span('@hourly', { until: at('02:10:00') }),
      span('*/30 * * * *', { after: at('02:10:00'), until: at('03:10:00') }),
      span('@every 1h', { after: at('03:10:00'), anchor: at('03:10:00') }),
    ];
    const job = { spans, nextOccurrence: at('07:10:00') };
    const entries = [
      ...hours(1, 2, 3),
      ...['02:30', '04:10', '05:10', '06:10'].map((time) => at(`${time}:00`)),
    ];
    expect(audit(job, entries, morning)).toEqual({ ...NOTHING_AUDITED, expected: 7 });
    expect(audit(job, [...entries, at('01:30:00'), hour(4)], morning)).toMatchObject({ unexpected: 2 });
  });

  test('a gap over an edit is counted by both timetables', () => {
    const spans = [span('@hourly', { until: hour(3) }), span('*/10 * * * *', { after: hour(3) })];
    expect(audit({ spans, nextOccurrence: hour(24) }, [hour(1), at('03:40:00')], morning)).toMatchObject({
      expected: 3 + 20,
      unaccounted: 2 + 19,
    });
  });

  test('of a schedule that can no longer be read the ledger is believed, and of the others it is not', () => {
    const spans = [
      span('@hourly', { timezone: 'Mars/Olympus', until: hour(3) }),
      span('@hourly', { after: hour(3) }),
    ];
    const job = { spans, nextOccurrence: hour(7) };
    expect(audit(job, [at('00:20:00'), missed(1, 2, 2), ...hours(4, 6)], morning)).toEqual({
      ...NOTHING_AUDITED,
      expected: 6,
      missed: 2,
      unaccounted: 1,
      unreadable: 1,
    });
  });
});

describe('the clock was set back, and the job changed while it was behind', () => {
  /** It missed five hours; then it was half past twelve again, and the job was given a tighter schedule. */
  const spans = [span('@hourly', { until: at('00:30:00') }), span('*/10 * * * *', { after: at('00:30:00') })];
  const early = { from: hour(0), to: at('05:30:00') };
  const upTo = (last: Date) => {
    const first = at('00:40:00').getTime();
    const count = 1 + (last.getTime() - first) / 600_000;
    return Array.from({ length: count }, (_, n) => new Date(first + n * 600_000));
  };

  test('what ran is accounted for, though a missed run of the former schedule reaches over it', () => {
    const job = { spans, nextOccurrence: at('05:30:00') };
    expect(audit(job, [missed(1, 5, 5), ...upTo(at('05:20:00'))], early)).toEqual({
      ...NOTHING_AUDITED,
      expected: 29,
      missed: 5,
      unexpected: 5,
    });
  });

  test('what is not claimed yet is due', () => {
    const job = { spans, nextOccurrence: at('02:10:00') };
    const counts = { ...NOTHING_AUDITED, expected: 29, missed: 5, due: 15 };
    expect(audit(job, [missed(1, 5, 5), ...upTo(hour(2))], early)).toEqual(counts);
    // Either of two entries that begin at the same time may come first.
    expect(audit(job, [...upTo(hour(2)), missed(1, 5, 5)], early)).toEqual(counts);
  });

  test('what neither ran nor was missed is unaccounted for', () => {
    const job = { spans, nextOccurrence: at('05:30:00') };
    expect(audit(job, [missed(1, 5, 5), ...upTo(hour(2))], early)).toMatchObject({
      unaccounted: 15,
      unexpected: 0,
    });
  });
});

describe('days on which clocks change', () => {
  const zone = { timezone: 'America/New_York', after: new Date('2026-03-07T00:00:00Z') };
  const march = { from: new Date('2026-03-08T05:00:00Z'), to: new Date('2026-03-09T04:00:00Z') };

  test('a gap over the skipped hour: 23 hours are unaccounted for', () => {
    const job = { spans: [span('0 * * * *', zone)], nextOccurrence: null };
    expect(audit(job, [], march).unaccounted).toBe(23);
  });

  test('a fixed time in the skipped hour runs right after it', () => {
    const job = { spans: [span('30 2 * * *', zone)], nextOccurrence: null };
    expect(audit(job, [new Date('2026-03-08T07:00:00Z')], march)).toEqual({
      ...NOTHING_AUDITED,
      expected: 1,
    });
    expect(audit(job, [new Date('2026-03-08T07:30:00Z')], march)).toMatchObject({
      unexpected: 1,
      unaccounted: 1,
    });
  });

  test('in the repeated hour a wildcard job has both', () => {
    const job = { spans: [span('*/30 * * * *', zone)], nextOccurrence: null };
    const november = { from: new Date('2026-11-01T05:00:00Z'), to: new Date('2026-11-01T07:00:00Z') };
    const half = (n: number) => new Date(november.from.getTime() + n * 1_800_000);
    expect(audit(job, [half(0), half(1), half(2), half(3)], november)).toEqual({
      ...NOTHING_AUDITED,
      expected: 4,
    });
    expect(audit(job, [half(0), half(3)], november)).toMatchObject({ unaccounted: 2 });
  });
});

test('a job that was never active has nothing to be compared with', () => {
  const job = { spans: [], nextOccurrence: null };
  expect(audit(job, [], day)).toEqual(NOTHING_AUDITED);
  expect(audit(job, [hour(1), missed(2, 3, 2)], day)).toEqual({
    ...NOTHING_AUDITED,
    missed: 2,
    unexpected: 3,
  });
});
