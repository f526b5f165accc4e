import type { NewJob } from './create-job.ts';
import { CATCH_UP_POLICIES, OVERLAP_POLICIES } from './job.ts';
import { ledger, ledgerFaults } from './ledger.fixture.ts';
import { Simulation, type SimulationOptions } from './simulation.fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 604_800;

/** A time in December 2025; the job was created on the 1st, at midnight. */
const at = (text: string) => new Date(`2025-12-${text}Z`);

/** What the ledger says of an outage, up to its end. */
function outage(
  definition: Partial<NewJob>,
  [from, to]: [string, string],
  options: SimulationOptions = {},
): string[] {
  const simulation = new Simulation(definition, options).runTo(at(from));
  const before = ledger(simulation).length;
  simulation.downTo(at(to)).runTo(at(to));
  expect(ledgerFaults(simulation)).toEqual([]);
  return ledger(simulation).slice(before);
}

describe('an outage of a minute', () => {
  test.each(CATCH_UP_POLICIES)('%s: an occurrence up to a minute late just runs', (catchUpPolicy) => {
    const job = { schedule: '*/10 * * * *', catchUpPolicy };
    expect(outage(job, ['01T00:09:50', '01T00:10:50'])).toEqual(['12-01 00:10 schedule at 00:10:50']);
    expect(outage(job, ['01T00:10:00', '01T00:11:00'])).toEqual([]);
    expect(outage(job, ['01T00:09:59', '01T00:11:00'])).toEqual(['12-01 00:10 schedule at 00:11']);
  });

  test.each([
    ['latest', '12-01 00:10 catch_up at 00:11:01'],
    ['all', '12-01 00:10 catch_up at 00:11:01'],
    ['none', '12-01 00:10 to 12-01 00:10 missed 1, catch_up_policy: none'],
  ] as const)('%s: one more than a minute late was missed', (catchUpPolicy, line) => {
    const job = { schedule: '*/10 * * * *', catchUpPolicy };
    expect(outage(job, ['01T00:09:30', '01T00:11:01'])).toEqual([line]);
  });

  test.each([
    [
      'latest',
      ['12-01 00:10:01 to 12-01 00:10:59 missed 59, catch_up_policy: latest', '12-01 00:11 catch_up'],
    ],
    ['none', ['12-01 00:10:01 to 12-01 00:10:59 missed 59, catch_up_policy: none', '12-01 00:11 schedule']],
  ] as const)('%s: a job of every second runs once', (catchUpPolicy, lines) => {
    const job = { schedule: '@every 1s', catchUpPolicy };
    expect(outage(job, ['01T00:10:00', '01T00:11:00'], { takes: () => 100 })).toEqual(lines);
  });

  test('all: a job of every second runs for each, one after the other', () => {
    const job = new Simulation({ schedule: '@every 1s', catchUpPolicy: 'all' }, { takes: () => 100 });
    job.runTo(at('01T00:10:00')).downTo(at('01T00:11:00')).runTo(at('01T00:11:00'));
    job.runTo(at('01T00:11:08'));

    expect(ledgerFaults(job)).toEqual([]);
    const lines = ledger(job).slice(600);
    expect(lines.slice(0, 3)).toEqual([
      '12-01 00:10:01 catch_up at 00:11',
      '12-01 00:10:02 catch_up at 00:11:00.100',
      '12-01 00:10:03 catch_up at 00:11:00.200',
    ]);
    expect(lines.slice(58, 68)).toEqual([
      '12-01 00:10:59 catch_up at 00:11:05.800',
      '12-01 00:11 schedule at 00:11:05.900',
      ...['01', '02', '03', '04', '05'].map(
        (second) =>
          `12-01 00:11:${second} schedule skipped, overlap: the previous execution has not finished`,
      ),
      '12-01 00:11:06 schedule',
      '12-01 00:11:07 schedule',
      '12-01 00:11:08 schedule',
    ]);
  });
});

describe('an outage of an hour', () => {
  const span: [string, string] = ['01T04:35:00', '01T05:35:00'];
  const six = ['04:40', '04:50', '05:00', '05:10', '05:20', '05:30'];
  const latest = [
    '12-01 04:40 to 12-01 05:20 missed 5, catch_up_policy: latest',
    '12-01 05:30 catch_up at 05:35',
  ];

  test.each([
    ['latest', ['12-01 05:00 catch_up at 05:35']],
    ['all', ['12-01 05:00 catch_up at 05:35']],
    ['none', ['12-01 05:00 to 12-01 05:00 missed 1, catch_up_policy: none']],
  ] as const)('@hourly, %s', (catchUpPolicy, lines) => {
    expect(outage({ schedule: '@hourly', catchUpPolicy }, span)).toEqual(lines);
  });

  test.each(OVERLAP_POLICIES)('*/10, latest, %s', (overlapPolicy) => {
    expect(outage({ schedule: '*/10 * * * *', overlapPolicy }, span)).toEqual(latest);
  });

  test.each(OVERLAP_POLICIES)('*/10, none, %s', (overlapPolicy) => {
    const job = { schedule: '*/10 * * * *', catchUpPolicy: 'none', overlapPolicy } as const;
    expect(outage(job, span)).toEqual(['12-01 04:40 to 12-01 05:30 missed 6, catch_up_policy: none']);
  });

  test.each([
    ['skip', 'skipped, overlap: the previous execution has not finished'],
    ['queue', 'skipped, overlap: an execution is waiting for the previous one already'],
  ] as const)(
    '*/10, all, %s: each runs after the one before, and the next in time not at all',
    (overlapPolicy, skipped) => {
      const job = { schedule: '*/10 * * * *', catchUpPolicy: 'all', overlapPolicy } as const;
      const simulation = new Simulation(job, { takes: () => 2 * MINUTE }).runTo(at(span[0]));
      const before = ledger(simulation).length;
      simulation.downTo(at(span[1])).runTo(at('01T06:00:00'));

      expect(ledgerFaults(simulation)).toEqual([]);
      expect(ledger(simulation).slice(before)).toEqual([
        '12-01 04:40 catch_up at 05:35',
        '12-01 04:50 catch_up at 05:37',
        '12-01 05:00 catch_up at 05:39',
        '12-01 05:10 catch_up at 05:41',
        '12-01 05:20 catch_up at 05:43',
        '12-01 05:30 catch_up at 05:45',
        `12-01 05:40 schedule ${skipped}`,
        '12-01 05:50 schedule',
        '12-01 06:00 schedule',
      ]);
    },
  );

  test('*/10, all, allow: all at once', () => {
    const job = { schedule: '*/10 * * * *', catchUpPolicy: 'all', overlapPolicy: 'allow' } as const;
    expect(outage(job, span)).toEqual(six.map((time) => `12-01 ${time} catch_up at 05:35`));
  });

  test('all: what comes due at the end of it is in time', () => {
    const job = { schedule: '*/10 * * * *', catchUpPolicy: 'all', overlapPolicy: 'allow' } as const;
    expect(outage(job, ['01T05:15:00', '01T05:40:20'])).toEqual([
      '12-01 05:20 catch_up at 05:40:20',
      '12-01 05:30 catch_up at 05:40:20',
      '12-01 05:40 schedule at 05:40:20',
    ]);
  });

  test.each([
    [
      'latest',
      ['12-01 04:40 to 12-01 05:29 missed 8, catch_up_policy: latest', '12-01 05:36 catch_up at 05:39'],
    ],
    ['none', ['12-01 04:40 to 12-01 05:36 missed 9, catch_up_policy: none']],
  ] as const)('@every 7m keeps its beat, %s', (catchUpPolicy, lines) => {
    const job = { schedule: '@every 7m', catchUpPolicy };
    expect(outage(job, ['01T04:39:00', '01T05:39:00'])).toEqual(lines);
    const simulation = new Simulation(job).runTo(at('01T04:39:00')).downTo(at('01T05:39:00'));
    expect(simulation.runTo(at('01T05:39:00')).job.nextRun).toEqual(at('01T05:43:00'));
  });

  test.each([
    ['latest', ['12-01 05:00 catch_up at 05:35']],
    ['all', ['12-01 05:00 catch_up at 05:35']],
    ['none', ['12-01 05:00 to 12-01 05:00 missed 1, catch_up_policy: none']],
  ] as const)('@at, %s: the job is over, whether it ran or not', (catchUpPolicy, lines) => {
    const job = new Simulation({ schedule: '@at 2025-12-01T05:00:00Z', catchUpPolicy });
    job.runTo(at(span[0])).downTo(at(span[1])).runTo(at('02T00:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(lines);
    expect(job.job).toMatchObject({ status: 'completed', enabled: false, nextRun: null, inFlight: 0 });
  });
});

describe('an outage of a week', () => {
  const span: [string, string] = ['01T04:30:00', '08T04:30:00'];

  test.each([
    [
      'latest',
      ['12-01 05:00 to 12-08 03:00 missed 167, catch_up_policy: latest', '12-08 04:00 catch_up at 04:30'],
    ],
    ['none', ['12-01 05:00 to 12-08 04:00 missed 168, catch_up_policy: none']],
  ] as const)('@hourly, %s', (catchUpPolicy, lines) => {
    expect(outage({ schedule: '@hourly', catchUpPolicy }, span)).toEqual(lines);
  });

  test('@hourly, all: the last day runs, oldest first, and what is beyond the window is missed', () => {
    const job = new Simulation({ schedule: '@hourly', catchUpPolicy: 'all' }, { takes: () => MINUTE });
    job.runTo(at(span[0])).downTo(at(span[1])).runTo(at('08T05:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job).slice(4)).toEqual([
      '12-01 05:00 to 12-07 04:00 missed 144, catch_up_policy: all, beyond its window of 86400 s',
      ...Array.from({ length: 24 }, (_, n) => {
        const hour = new Date(at('07T05:00:00').getTime() + n * HOUR)
          .toISOString()
          .slice(5, 16)
          .replace('T', ' ');
        const started = `04:${30 + n}`;
        return hour.startsWith('12-08')
          ? `${hour} catch_up at ${started}`
          : `${hour} catch_up at 12-08 ${started}`;
      }),
      '12-08 05:00 schedule',
    ]);
  });

  test.each(OVERLAP_POLICIES)(
    '@hourly, all, %s, with a window of a week: all 168 run, in order',
    (overlapPolicy) => {
      const job = {
        schedule: '@hourly',
        catchUpPolicy: 'all',
        catchUpWindowSeconds: WEEK,
        overlapPolicy,
      } as const;
      const simulation = new Simulation(job, { batchSize: 25 }).runTo(at(span[0]));
      simulation.downTo(at(span[1])).runTo(at('08T04:40:00'));
      expect(ledgerFaults(simulation)).toEqual([]);
      const lines = ledger(simulation).slice(4);
      expect(lines).toHaveLength(168);
      expect(lines.every((line) => line.includes(' catch_up at '))).toBe(true);
      expect(simulation.claimSizes.slice(4)).toEqual([25, 25, 25, 25, 25, 25, 18]);
      expect(simulation.unfinished).toEqual({ running: 0, waiting: 0 });
    },
  );

  test.each([
    [
      'latest',
      ['12-01 04:30:01 to 12-08 04:29:59 missed 604799, catch_up_policy: latest', '12-08 04:30 catch_up'],
    ],
    [
      'none',
      ['12-01 04:30:01 to 12-08 04:29:59 missed 604799, catch_up_policy: none', '12-08 04:30 schedule'],
    ],
  ] as const)('@every 1s, %s: more than half a million are one line', (catchUpPolicy, lines) => {
    const job = { schedule: '@every 1s', catchUpPolicy };
    const simulation = new Simulation(job, { createdAt: at(span[0]), takes: () => 10 });
    simulation.downTo(at(span[1])).runTo(at(span[1]));
    expect(ledger(simulation)).toEqual(lines);
    expect(simulation.job.nextRun).toEqual(at('08T04:30:01'));
  });

  test('@every 1s, all, allow: as many as the window holds, in batches, a hundred at a time', () => {
    const job = { schedule: '@every 1s', catchUpPolicy: 'all', overlapPolicy: 'allow' } as const;
    const simulation = new Simulation(
      { ...job, catchUpWindowSeconds: 1_000 },
      { createdAt: at(span[0]), takes: () => 10 },
    );
    simulation.downTo(at(span[1])).runTo(at('08T04:30:00.500'));
    const [missed, ...ran] = ledger(simulation);
    expect(missed).toBe(
      '12-01 04:30:01 to 12-08 04:13:19 missed 603799, catch_up_policy: all, beyond its window of 1000 s',
    );
    expect(ran).toHaveLength(1_001);
    expect(simulation.claimSizes).toEqual([...Array.from({ length: 10 }, () => 100), 1]);
    expect(ran.slice(99, 101)).toEqual([
      '12-08 04:14:59 catch_up at 04:30',
      '12-08 04:15 catch_up at 04:30:00.010',
    ]);
    expect(ran.slice(-2)).toEqual(['12-08 04:29:59 catch_up at 04:30:00.090', '12-08 04:30 schedule']);
  });
});

describe('what else falls into an outage', () => {
  const span: [string, string] = ['01T04:30:00', '01T09:30:00'];

  test.each([
    [
      'latest',
      ['12-01 07:00 to 12-01 08:00 missed 2, catch_up_policy: latest', '12-01 09:00 catch_up at 09:30'],
    ],
    ['none', ['12-01 07:00 to 12-01 09:00 missed 3, catch_up_policy: none']],
  ] as const)('start_at: nothing before it was missed; %s', (catchUpPolicy, lines) => {
    expect(outage({ schedule: '@hourly', catchUpPolicy, startAt: at('01T06:30:00') }, span)).toEqual(lines);
  });

  test.each([
    [
      'latest',
      ['12-01 05:00 to 12-01 06:00 missed 2, catch_up_policy: latest', '12-01 07:00 catch_up at 09:30'],
    ],
    ['all', ['05', '06', '07'].map((hour) => `12-01 ${hour}:00 catch_up at 09:30`)],
    ['none', ['12-01 05:00 to 12-01 07:00 missed 3, catch_up_policy: none']],
  ] as const)('end_at: nothing after it was missed, and the job is over; %s', (catchUpPolicy, lines) => {
    const definition = {
      schedule: '@hourly',
      catchUpPolicy,
      overlapPolicy: 'allow',
      endAt: at('01T07:00:00'),
    } as const;
    expect(outage(definition, span)).toEqual(lines);
    const job = new Simulation(definition).runTo(at(span[0])).downTo(at(span[1])).runTo(at(span[1]));
    expect(job.job).toMatchObject({
      status: 'completed',
      statusReason: 'schedule "@hourly" has no further run before end_at 2025-12-01T07:00:00Z',
    });
  });

  test('start_at and end_at both', () => {
    const job = { schedule: '@every 1h', startAt: at('01T05:15:00'), endAt: at('01T07:30:00') };
    expect(outage(job, span)).toEqual([
      '12-01 05:15 to 12-01 06:15 missed 2, catch_up_policy: latest',
      '12-01 07:15 catch_up at 09:30',
    ]);
  });

  test('max_runs: the backlog uses up the runs that are left, and the rest is skipped', () => {
    const job = { schedule: '@hourly', catchUpPolicy: 'all', maxRuns: 6 } as const;
    const simulation = new Simulation(job).runTo(at(span[0])).downTo(at(span[1])).runTo(at('01T12:00:00'));
    expect(ledgerFaults(simulation)).toEqual([]);
    expect(ledger(simulation).slice(4)).toEqual([
      '12-01 05:00 catch_up at 09:30',
      '12-01 06:00 catch_up at 09:30:01',
      ...['07', '08', '09'].map(
        (hour) => `12-01 ${hour}:00 catch_up skipped, max_runs: executions in flight may use up the 6 runs`,
      ),
    ]);
    expect(simulation.job).toMatchObject({
      status: 'completed',
      runCount: 6,
      statusReason: 'max_runs 6 reached',
    });
  });

  test('max_runs: runs that a check declines are left for later ones', () => {
    const job = { schedule: '@hourly', catchUpPolicy: 'all', maxRuns: 2 } as const;
    const simulation = new Simulation(job, { performs: (nth) => nth > 4 });
    simulation.runTo(at(span[0])).downTo(at(span[1])).runTo(at('01T12:00:00'));
    expect(ledgerFaults(simulation)).toEqual([]);
    expect(ledger(simulation).slice(4)).toEqual([
      '12-01 05:00 catch_up at 09:30',
      '12-01 06:00 catch_up at 09:30:01',
      ...['07', '08', '09'].map(
        (hour) => `12-01 ${hour}:00 catch_up skipped, max_runs: executions in flight may use up the 2 runs`,
      ),
      '12-01 10:00 schedule',
    ]);
    expect(simulation.job).toMatchObject({ status: 'completed', runCount: 2 });
  });

  test('max_runs reached by a worker while the scheduler is down: the job is over, what was due is missed', () => {
    const job = new Simulation(
      { schedule: '@hourly', maxRuns: 4 },
      { takes: (nth) => (nth === 3 ? 3 * HOUR : 1) },
    );
    job.runTo(at(span[0])).downTo(at(span[1])).runTo(at(span[1]));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job).slice(3)).toEqual([
      '12-01 04:00 schedule',
      '12-01 05:00 to 12-01 07:00 missed 3, the job was changed before they were claimed',
    ]);
  });
});

describe('jitter', () => {
  test('an outage delays what is due, and leaves alone what is not due yet', () => {
    const job = new Simulation({
      schedule: '@hourly',
      jitterSeconds: 3_600,
      catchUpPolicy: 'all',
      overlapPolicy: 'allow',
    });
    job.downTo(at('01T06:30:00')).runTo(at('01T06:30:00'));
    expect(ledgerFaults(job)).toEqual([]);
    const caughtUp = job.executions.map(({ planned }) => planned);
    expect(caughtUp.every(({ dueAt }) => dueAt <= at('01T06:30:00'))).toBe(true);
    expect(caughtUp.length).toBe(job.job.nextOccurrence?.getTime() === at('01T06:00:00').getTime() ? 5 : 6);

    job.runTo(at('01T12:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    const inTime = job.executions.slice(caughtUp.length);
    expect(inTime.map(({ startedAt }) => startedAt)).toEqual(inTime.map(({ planned }) => planned.dueAt));
    expect(inTime.every(({ planned }) => planned.trigger === 'schedule')).toBe(true);
  });
});
