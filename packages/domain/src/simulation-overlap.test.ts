import { CATCH_UP_POLICIES } from './job.ts';
import { ledger, ledgerFaults } from './ledger.fixture.ts';
import { Simulation } from './simulation.fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A time of the day on which the job was created, at midnight. */
const at = (time: string) => new Date(`2025-12-01T${time}Z`);

/** Executions that take as many minutes as given, one after the other; the last ones as long as the last that is given. */
const minutes = (given: readonly number[]) => (nth: number) => (given[nth] ?? given.at(-1) ?? 0) * MINUTE;

describe('every ten minutes, and the first execution takes 25', () => {
  const takes = minutes([25, 1]);

  test.each(CATCH_UP_POLICIES)(
    'skip: those that overlap are skipped, whatever is caught up (%s)',
    (catchUpPolicy) => {
      const job = new Simulation(
        { schedule: '*/10 * * * *', overlapPolicy: 'skip', catchUpPolicy },
        { takes },
      );
      job.runTo(at('00:50:00'));
      expect(ledgerFaults(job)).toEqual([]);
      expect(ledger(job)).toEqual([
        '12-01 00:10 schedule',
        '12-01 00:20 schedule skipped, overlap: the previous execution has not finished',
        '12-01 00:30 schedule skipped, overlap: the previous execution has not finished',
        '12-01 00:40 schedule',
        '12-01 00:50 schedule',
      ]);
    },
  );

  test.each(CATCH_UP_POLICIES)(
    'queue: one waits and starts when the first has finished (%s)',
    (catchUpPolicy) => {
      const job = new Simulation(
        { schedule: '*/10 * * * *', overlapPolicy: 'queue', catchUpPolicy },
        { takes },
      );
      job.runTo(at('00:50:00'));
      expect(ledgerFaults(job)).toEqual([]);
      expect(ledger(job)).toEqual([
        '12-01 00:10 schedule',
        '12-01 00:20 schedule at 00:35',
        '12-01 00:30 schedule skipped, overlap: an execution is waiting for the previous one already',
        '12-01 00:40 schedule',
        '12-01 00:50 schedule',
      ]);
    },
  );

  test.each(CATCH_UP_POLICIES)('allow: all start in time (%s)', (catchUpPolicy) => {
    const job = new Simulation(
      { schedule: '*/10 * * * *', overlapPolicy: 'allow', catchUpPolicy },
      { takes },
    );
    job.runTo(at('00:30:00'));
    expect(job.unfinished).toEqual({ running: 2, waiting: 0 });
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['10', '20', '30'].map((minute) => `12-01 00:${minute} schedule`));
  });
});

describe('executions that always take longer than the interval', () => {
  const takes = minutes([15]);

  test('skip: every other one runs', () => {
    const job = new Simulation({ schedule: '*/10 * * * *' }, { takes }).runTo(at('01:00:00'));
    const started = job.executions.filter(({ startedAt }) => startedAt !== null);
    expect(ledgerFaults(job)).toEqual([]);
    expect(started.map(({ planned }) => planned.scheduledFor)).toEqual([
      at('00:10:00'),
      at('00:30:00'),
      at('00:50:00'),
    ]);
  });

  test('queue: they run back to back, later and later, until one has to be skipped', () => {
    const job = new Simulation({ schedule: '*/10 * * * *', overlapPolicy: 'queue' }, { takes });
    job.runTo(at('01:15:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:10 schedule',
      '12-01 00:20 schedule at 00:25',
      '12-01 00:30 schedule at 00:40',
      '12-01 00:40 schedule at 00:55',
      '12-01 00:50 schedule skipped, overlap: an execution is waiting for the previous one already',
      '12-01 01:00 schedule at 01:10',
      '12-01 01:10 schedule waiting',
    ]);
  });
});

describe('an execution that runs on through an outage', () => {
  const takes = minutes([120, 1]);
  const missed = '12-01 00:20 to 12-01 01:10 missed 6, catch_up_policy: latest';

  test.each([
    ['skip', '12-01 01:20 catch_up skipped, overlap: the previous execution has not finished'],
    ['queue', '12-01 01:20 catch_up at 02:10'],
    ['allow', '12-01 01:20 catch_up at 01:25'],
  ] as const)('latest, %s', (overlapPolicy, line) => {
    const job = new Simulation({ schedule: '*/10 * * * *', overlapPolicy }, { takes });
    job.runTo(at('00:15:00')).downTo(at('01:25:00')).runTo(at('01:25:00'));
    job.update({ schedule: '@daily' }).runTo(at('03:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['12-01 00:10 schedule', missed, line]);
  });

  test.each([
    ['skip', ['02:10', '02:11', '02:12']],
    ['queue', ['02:10', '02:11', '02:12']],
    ['allow', ['00:45', '00:45', '00:45']],
  ] as const)('all, %s: none of the missed ones is skipped', (overlapPolicy, started) => {
    const policies = { catchUpPolicy: 'all', overlapPolicy } as const;
    const job = new Simulation({ schedule: '*/10 * * * *', ...policies }, { takes });
    job.runTo(at('00:15:00')).downTo(at('00:45:00')).runTo(at('00:45:00'));
    job.update({ schedule: '@daily' }).runTo(at('03:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:10 schedule',
      ...['20', '30', '40'].map((minute, n) => `12-01 00:${minute} catch_up at ${started[n]}`),
    ]);
  });
});

describe('max_runs counts what is in flight as used (SPEC 1)', () => {
  test('allow: no more than max_runs start, and the job is completed when the last has finished', () => {
    const policies = { overlapPolicy: 'allow', maxRuns: 2 } as const;
    const job = new Simulation({ schedule: '*/10 * * * *', ...policies }, { takes: () => 25 * MINUTE });
    job.runTo(at('02:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:10 schedule',
      '12-01 00:20 schedule',
      '12-01 00:30 schedule skipped, max_runs: executions in flight may use up the 2 runs',
      '12-01 00:40 schedule skipped, max_runs: executions in flight may use up the 2 runs',
    ]);
    expect(job.job).toMatchObject({ status: 'completed', runCount: 2, inFlight: 0 });
  });

  test('"once, when the condition comes true": checks that decline use up nothing', () => {
    const job = new Simulation({ schedule: '@hourly', maxRuns: 1 }, { performs: (nth) => nth === 2 });
    job.runTo(at('06:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['01', '02', '03'].map((hour) => `12-01 ${hour}:00 schedule`));
    expect(job.job).toMatchObject({ status: 'completed', runCount: 1 });
  });
});

test('a backlog under allow runs a hundred at a time, and what comes in time does not wait for it', () => {
  const policies = { catchUpPolicy: 'all', overlapPolicy: 'allow' } as const;
  const job = new Simulation({ schedule: '* * * * *', ...policies }, { takes: () => HOUR, batchSize: 500 });
  job.downTo(at('04:10:30')).runTo(at('04:10:30'));
  expect(job.unfinished).toEqual({ running: 100, waiting: 150 });
  job.runTo(at('04:11:00'));
  expect(job.unfinished).toEqual({ running: 101, waiting: 150 });
  job.runTo(at('07:00:00'));
  expect(ledgerFaults(job)).toEqual([]);
  expect(ledger(job).slice(98, 102)).toEqual([
    '12-01 01:39 catch_up at 04:10:30',
    '12-01 01:40 catch_up at 04:10:30',
    '12-01 01:41 catch_up at 05:10:30',
    '12-01 01:42 catch_up at 05:10:30',
  ]);
  expect(ledger(job)[250]).toBe('12-01 04:11 schedule');
});
