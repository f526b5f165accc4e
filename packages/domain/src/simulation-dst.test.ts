import type { NewJob } from './create-job.ts';
import { CATCH_UP_POLICIES } from './job.ts';
import { ledger, ledgerFaults } from './ledger.fixture.ts';
import { Simulation } from './simulation.fixture.ts';

const at = (text: string) => new Date(`2026-${text}Z`);

/** What the ledger says in the end of a job created at `from`, with the scheduler down from `down[0]` to `down[1]`. */
function lived(definition: Partial<NewJob>, [from, to]: [string, string], down?: [string, string]): string[] {
  const job = new Simulation(definition, { createdAt: at(from) });
  if (down) job.runTo(at(down[0])).downTo(at(down[1]));
  job.runTo(at(to));
  expect(ledgerFaults(job)).toEqual([]);
  return ledger(job);
}

describe('New York, 8 March 2026: 02:00 to 03:00 is skipped, at 07:00Z', () => {
  const zone = { timezone: 'America/New_York' };
  const days: [string, string] = ['03-06T12:00:00', '03-10T12:00:00'];

  test.each([
    [
      'daily at 02:30: once, right after the gap',
      '30 2 * * *',
      ['03-07 07:30', '03-08 07:00', '03-09 06:30', '03-10 06:30'],
    ],
    [
      'daily at 01:30: not affected',
      '30 1 * * *',
      ['03-07 06:30', '03-08 06:30', '03-09 05:30', '03-10 05:30'],
    ],
    [
      'daily at 03:00: not affected',
      '0 3 * * *',
      ['03-07 08:00', '03-08 07:00', '03-09 07:00', '03-10 07:00'],
    ],
    ['@daily', '@daily', ['03-07 05:00', '03-08 05:00', '03-09 04:00', '03-10 04:00']],
  ])('%s', (_what, schedule, times) => {
    expect(lived({ ...zone, schedule }, days)).toEqual(times.map((time) => `${time} schedule`));
  });

  test('every half hour, at night: the hour that is skipped has none', () => {
    const job = { ...zone, schedule: '*/30 1-3 * * *' };
    expect(lived(job, ['03-08T00:00:00', '03-08T12:00:00'])).toEqual([
      '03-08 06:00 schedule',
      '03-08 06:30 schedule',
      '03-08 07:00 schedule',
      '03-08 07:30 schedule',
    ]);
  });

  test.each([
    ['latest', ['03-08 07:00 catch_up at 10:00']],
    ['all', ['03-08 07:00 catch_up at 10:00']],
    ['none', ['03-08 07:00 to 03-08 07:00 missed 1, catch_up_policy: none']],
  ] as const)('down over the change, daily at 02:30, %s', (catchUpPolicy, lines) => {
    const job = { ...zone, schedule: '30 2 * * *', catchUpPolicy };
    expect(lived(job, days, ['03-08T05:00:00', '03-08T10:00:00'])).toEqual([
      '03-07 07:30 schedule',
      ...lines,
      '03-09 06:30 schedule',
      '03-10 06:30 schedule',
    ]);
  });

  test.each([
    [
      'latest',
      ['03-07 07:30 to 03-09 06:30 missed 3, catch_up_policy: latest', '03-10 06:30 catch_up at 12:00'],
    ],
    [
      'all',
      [
        '03-07 07:30 to 03-09 06:30 missed 3, catch_up_policy: all, beyond its window of 86400 s',
        '03-10 06:30 catch_up at 12:00',
      ],
    ],
    ['none', ['03-07 07:30 to 03-10 06:30 missed 4, catch_up_policy: none']],
  ] as const)('down for days around it: %s', (catchUpPolicy, lines) => {
    const job = { ...zone, schedule: '30 2 * * *', catchUpPolicy };
    expect(lived(job, days, days)).toEqual(lines);
  });

  test('down for days around it, all, with a window of a week: one a day, the day of the change included', () => {
    const job = {
      ...zone,
      schedule: '30 2 * * *',
      catchUpPolicy: 'all',
      catchUpWindowSeconds: 604_800,
    } as const;
    expect(lived({ ...job, overlapPolicy: 'allow' }, days, days)).toEqual([
      '03-07 07:30 catch_up at 03-10 12:00',
      '03-08 07:00 catch_up at 03-10 12:00',
      '03-09 06:30 catch_up at 03-10 12:00',
      '03-10 06:30 catch_up at 12:00',
    ]);
  });

  test('a wildcard job that was down: the hour that is skipped has nothing to be missed', () => {
    const job = { ...zone, schedule: '*/30 * * * *', catchUpPolicy: 'none' } as const;
    expect(lived(job, ['03-08T05:45:00', '03-08T09:10:00'], ['03-08T05:45:00', '03-08T09:10:00'])).toEqual([
      '03-08 06:00 to 03-08 09:00 missed 7, catch_up_policy: none',
    ]);
  });
});

describe('New York, 1 November 2026: 01:00 to 02:00 comes twice, from 05:00Z to 07:00Z', () => {
  const zone = { timezone: 'America/New_York' };
  const days: [string, string] = ['10-31T00:00:00', '11-02T12:00:00'];

  test.each([
    ['daily at 01:30: once, the first time', '30 1 * * *', ['10-31 05:30', '11-01 05:30', '11-02 06:30']],
    ['daily at 02:00: not affected', '0 2 * * *', ['10-31 06:00', '11-01 07:00', '11-02 07:00']],
  ])('%s', (_what, schedule, times) => {
    expect(lived({ ...zone, schedule }, days)).toEqual(times.map((time) => `${time} schedule`));
  });

  test('every half hour, at night: both times', () => {
    const job = { ...zone, schedule: '*/30 1 * * *' };
    expect(lived(job, ['11-01T00:00:00', '11-01T12:00:00'])).toEqual([
      '11-01 05:00 schedule',
      '11-01 05:30 schedule',
      '11-01 06:00 schedule',
      '11-01 06:30 schedule',
    ]);
  });

  test.each([
    ['latest', ['11-01 05:30 catch_up at 06:45']],
    ['all', ['11-01 05:30 catch_up at 06:45']],
    ['none', ['11-01 05:30 to 11-01 05:30 missed 1, catch_up_policy: none']],
  ] as const)(
    'down from before the first until the end of the second, daily at 01:30, %s',
    (catchUpPolicy, lines) => {
      const job = { ...zone, schedule: '30 1 * * *', catchUpPolicy };
      expect(lived(job, days, ['11-01T05:10:00', '11-01T06:45:00'])).toEqual([
        '10-31 05:30 schedule',
        ...lines,
        '11-02 06:30 schedule',
      ]);
    },
  );

  test.each(CATCH_UP_POLICIES)(
    'down from after the first until the end of the second: it has run, %s',
    (catchUpPolicy) => {
      const job = { ...zone, schedule: '30 1 * * *', catchUpPolicy };
      expect(lived(job, days, ['11-01T05:40:00', '11-01T06:45:00'])).toEqual([
        '10-31 05:30 schedule',
        '11-01 05:30 schedule',
        '11-02 06:30 schedule',
      ]);
    },
  );
});

describe('London: 01:00Z is skipped on 29 March 2026, 00:00Z comes twice on 25 October', () => {
  const zone = { timezone: 'Europe/London' };

  test.each([
    ['30 1 * * *', ['03-28 01:30', '03-29 01:00', '03-30 00:30']],
    ['0 2 * * *', ['03-28 02:00', '03-29 01:00', '03-30 01:00']],
  ])('spring, %s', (schedule, times) => {
    const days: [string, string] = ['03-27T12:00:00', '03-30T12:00:00'];
    expect(lived({ ...zone, schedule }, days)).toEqual(times.map((time) => `${time} schedule`));
  });

  test.each([
    ['30 1 * * *', ['10-24 00:30', '10-25 00:30', '10-26 01:30']],
    ['30 0 * * *', ['10-23 23:30', '10-24 23:30', '10-26 00:30']],
  ])('autumn, %s', (schedule, times) => {
    const days: [string, string] = ['10-23T12:00:00', '10-26T12:00:00'];
    expect(lived({ ...zone, schedule }, days)).toEqual(times.map((time) => `${time} schedule`));
  });

  test.each([
    ['spring', ['03-29T00:10:00', '03-29T03:00:00'], '03-29 01:00 catch_up at 03:00'],
    ['autumn', ['10-25T00:10:00', '10-25T03:00:00'], '10-25 00:30 catch_up at 03:00'],
  ] as const)('down over the change in %s, daily at 01:30: caught up once', (_season, [from, to], line) => {
    const job = { ...zone, schedule: '30 1 * * *' };
    expect(lived(job, [from, to], [from, to])).toEqual([line]);
  });

  test('the clock of the machine has no part in it: @every keeps its beat over both changes', () => {
    const job = { ...zone, schedule: '@every 7h' };
    expect(lived(job, ['03-28T20:00:00', '03-29T12:00:00'])).toEqual([
      '03-29 03:00 schedule',
      '03-29 10:00 schedule',
    ]);
    expect(lived(job, ['10-24T20:00:00', '10-25T12:00:00'])).toEqual([
      '10-25 03:00 schedule',
      '10-25 10:00 schedule',
    ]);
  });
});
