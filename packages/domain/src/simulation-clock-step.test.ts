import { CATCH_UP_POLICIES } from './job.ts';
import { ledger, ledgerFaults } from './ledger.fixture.ts';
import { Simulation } from './simulation.fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A time of the day on which the job was created, at midnight. */
const at = (time: string) => new Date(`2025-12-01T${time}Z`);

/** It ran up to 05:00; the clock says 04:20, so the next one is 05:00 again. */
function resumed(catchUpPolicy: (typeof CATCH_UP_POLICIES)[number]): Simulation {
  const job = new Simulation({ schedule: '@hourly', catchUpPolicy }).runTo(at('05:20:00'));
  return job.stepClock(-HOUR).update({ enabled: false }).update({ enabled: true });
}

describe('the clock is set back: no occurrence runs again, and none before the clock has caught up', () => {
  test.each(CATCH_UP_POLICIES)('by an hour, %s', (catchUpPolicy) => {
    const job = new Simulation({ schedule: '*/20 * * * *', catchUpPolicy }).runTo(at('01:30:00'));
    job.stepClock(-HOUR).runTo(at('02:20:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:20 schedule',
      '12-01 00:40 schedule',
      '12-01 01:00 schedule',
      '12-01 01:20 schedule',
      '12-01 01:40 schedule',
      '12-01 02:00 schedule',
      '12-01 02:20 schedule',
    ]);
  });

  test('by a second, right after an occurrence', () => {
    const job = new Simulation({ schedule: '@hourly' }).runTo(at('01:00:00'));
    job.stepClock(-1_000).runTo(at('01:00:01')).stepClock(-1_000).runTo(at('02:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['12-01 01:00 schedule', '12-01 02:00 schedule']);
  });

  test('by half an hour, of a job with @every 7m: the beat stays', () => {
    const job = new Simulation({ schedule: '@every 7m' }).runTo(at('00:22:00'));
    job.stepClock(-30 * MINUTE).runTo(at('00:35:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(
      ['07', '14', '21', '28', '35'].map((minute) => `12-01 00:${minute} schedule`),
    );
  });

  test('while an execution runs: it takes as long as it takes', () => {
    const job = new Simulation({ schedule: '@hourly' }, { takes: () => 90 * MINUTE }).runTo(at('01:10:00'));
    job.stepClock(-HOUR).runTo(at('01:29:59'));
    expect(job.unfinished.running).toBe(1);
    expect(job.runTo(at('01:30:00')).unfinished.running).toBe(0);
    job.runTo(at('02:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['12-01 01:00 schedule', '12-01 02:00 schedule']);
  });
});

describe('the clock is set forward: what it leaps over counts as missed, by the policy', () => {
  test('by half a minute: what came due just runs', () => {
    const job = new Simulation({ schedule: '@hourly', catchUpPolicy: 'none' }).runTo(at('00:59:50'));
    job.stepClock(30_000).runTo(at('02:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['12-01 01:00 schedule at 01:00:20', '12-01 02:00 schedule']);
  });

  test.each([
    [
      'latest',
      ['12-01 01:20 to 12-01 01:40 missed 2, catch_up_policy: latest', '12-01 02:00 catch_up at 02:10'],
    ],
    [
      'all',
      [
        '12-01 01:20 catch_up at 02:10',
        '12-01 01:40 catch_up at 02:10:01',
        '12-01 02:00 catch_up at 02:10:02',
      ],
    ],
    ['none', ['12-01 01:20 to 12-01 02:00 missed 3, catch_up_policy: none']],
  ] as const)('by an hour, %s', (catchUpPolicy, leapt) => {
    const job = new Simulation({ schedule: '*/20 * * * *', catchUpPolicy }).runTo(at('01:10:00'));
    job.stepClock(HOUR).runTo(at('02:20:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:20 schedule',
      '12-01 00:40 schedule',
      '12-01 01:00 schedule',
      ...leapt,
      '12-01 02:20 schedule',
    ]);
  });

  test('and back again: every occurrence ran once, or was missed once', () => {
    const job = new Simulation({ schedule: '*/20 * * * *' }).runTo(at('01:10:00'));
    job.stepClock(HOUR).runTo(at('02:10:30'));
    job.stepClock(-HOUR).runTo(at('03:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:20 schedule',
      '12-01 00:40 schedule',
      '12-01 01:00 schedule',
      '12-01 01:20 to 12-01 01:40 missed 2, catch_up_policy: latest',
      '12-01 02:00 catch_up at 02:10',
      '12-01 02:20 schedule',
      '12-01 02:40 schedule',
      '12-01 03:00 schedule',
    ]);
  });
});

describe('a job that is resumed while the clock is behind comes upon occurrences that it ran', () => {
  test('they do not run again', () => {
    const job = resumed('latest').runTo(at('07:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    const hours = ['01', '02', '03', '04', '05', '06', '07'];
    expect(ledger(job)).toEqual(hours.map((hour) => `12-01 ${hour}:00 schedule`));
  });

  test('nor does anything wait for them', () => {
    const job = resumed('all').downTo(at('08:10:00')).runTo(at('09:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job).slice(4)).toEqual([
      '12-01 05:00 schedule',
      '12-01 06:00 catch_up at 08:10',
      '12-01 07:00 catch_up at 08:10:01',
      '12-01 08:00 catch_up at 08:10:02',
      '12-01 09:00 schedule',
    ]);
  });
});
