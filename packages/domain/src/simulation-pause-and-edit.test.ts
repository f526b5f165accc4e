import { CATCH_UP_POLICIES } from './job.ts';
import { ledger, ledgerFaults } from './ledger.fixture.ts';
import { Simulation } from './simulation.fixture.ts';
import type { JobPatch } from './update-job.ts';

const MINUTE = 60_000;

/** A time of the day on which the job was created, at midnight. */
const at = (time: string) => new Date(`2025-12-01T${time}Z`);
const changed = 'the job was changed before they were claimed';

describe('pause and resume', () => {
  test.each(CATCH_UP_POLICIES)(
    'what passes during the pause neither runs nor was missed; %s',
    (catchUpPolicy) => {
      const job = new Simulation({ schedule: '@hourly', catchUpPolicy }).runTo(at('02:30:00'));
      job.update({ enabled: false }).runTo(at('05:30:00')).update({ enabled: true }).runTo(at('07:00:00'));
      expect(ledgerFaults(job)).toEqual([]);
      expect(ledger(job)).toEqual([
        '12-01 01:00 schedule',
        '12-01 02:00 schedule',
        '12-01 06:00 schedule',
        '12-01 07:00 schedule',
      ]);
    },
  );

  test('@every goes on in its old beat', () => {
    const job = new Simulation({ schedule: '@every 7m' }).runTo(at('00:15:00')).update({ enabled: false });
    job.runTo(at('00:30:00')).update({ enabled: true }).runTo(at('00:45:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['07', '14', '35', '42'].map((minute) => `12-01 00:${minute} schedule`));
  });

  test('pausing lets what runs finish, and cancels what waits', () => {
    const job = new Simulation(
      { schedule: '*/10 * * * *', catchUpPolicy: 'all' },
      { takes: () => 5 * MINUTE },
    );
    job.downTo(at('00:35:00')).runTo(at('00:37:00')).update({ enabled: false });
    expect(job.unfinished).toEqual({ running: 1, waiting: 0 });
    job.runTo(at('01:05:00')).update({ enabled: true }).runTo(at('01:10:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 00:10 catch_up at 00:35',
      '12-01 00:20 catch_up cancelled',
      '12-01 00:30 catch_up cancelled',
      '12-01 01:10 schedule',
    ]);
  });

  test.each(CATCH_UP_POLICIES)(
    'paused during an outage: what came due before is missed, %s',
    (catchUpPolicy) => {
      const job = new Simulation({ schedule: '@hourly', catchUpPolicy }).downTo(at('03:30:00'));
      job.update({ enabled: false }).downTo(at('05:30:00')).runTo(at('06:00:00'));
      expect(ledgerFaults(job)).toEqual([]);
      expect(ledger(job)).toEqual([`12-01 01:00 to 12-01 03:00 missed 3, ${changed}`]);
    },
  );

  test('paused and resumed during an outage: only what came due while it was active counts', () => {
    const job = new Simulation({ schedule: '@hourly' }).downTo(at('02:30:00')).update({ enabled: false });
    job.downTo(at('05:30:00')).update({ enabled: true }).downTo(at('08:30:00')).runTo(at('09:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      `12-01 01:00 to 12-01 02:00 missed 2, ${changed}`,
      '12-01 06:00 to 12-01 07:00 missed 2, catch_up_policy: latest',
      '12-01 08:00 catch_up at 08:30',
      '12-01 09:00 schedule',
    ]);
  });

  test('resumed at the very instant of an occurrence: the next one is the first', () => {
    const job = new Simulation({ schedule: '@hourly', enabled: false }).runTo(at('02:00:00'));
    job.update({ enabled: true }).runTo(at('03:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['12-01 03:00 schedule']);
  });

  test('paused while an occurrence waits for its jitter: it is missed', () => {
    const job = new Simulation({ schedule: '@hourly', jitterSeconds: 3_600 }).runTo(at('01:00:00'));
    job.update({ enabled: false }).runTo(at('04:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([`12-01 01:00 to 12-01 01:00 missed 1, ${changed}`]);
  });
});

describe('edits in mid-flight', () => {
  test('a new schedule counts from now, and lets what runs finish', () => {
    const job = new Simulation({ schedule: '@hourly' }, { takes: () => 25 * MINUTE }).runTo(at('02:05:00'));
    job.update({ schedule: '*/10 * * * *' }).runTo(at('02:50:00'));
    expect(ledgerFaults(job)).toEqual([]);
    const overlap = 'schedule skipped, overlap: the previous execution has not finished';
    expect(ledger(job)).toEqual([
      '12-01 01:00 schedule',
      '12-01 02:00 schedule',
      `12-01 02:10 ${overlap}`,
      `12-01 02:20 ${overlap}`,
      '12-01 02:30 schedule',
      `12-01 02:40 ${overlap}`,
      `12-01 02:50 ${overlap}`,
    ]);
  });

  test('a new schedule during an outage: the old one accounts for what came before, the new one for what comes after', () => {
    const job = new Simulation({ schedule: '@hourly' }).runTo(at('01:30:00')).downTo(at('03:30:00'));
    job.update({ schedule: '@every 20m' }).downTo(at('04:40:00')).runTo(at('04:50:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 01:00 schedule',
      `12-01 02:00 to 12-01 03:00 missed 2, ${changed}`,
      '12-01 03:50 to 12-01 04:10 missed 2, catch_up_policy: latest',
      '12-01 04:30 catch_up at 04:40',
      '12-01 04:50 schedule',
    ]);
  });

  test('another time zone', () => {
    const job = new Simulation({ schedule: '0 9 * * *' }).runTo(at('10:00:00'));
    job.update({ timezone: 'America/New_York' }).runTo(at('15:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['12-01 09:00 schedule', '12-01 14:00 schedule']);
  });

  test.each<JobPatch>([{ name: 'Renamed' }, { catchUpPolicy: 'all' }, { payload: { a: 1 } }])(
    'what leaves the timetable alone leaves what is due alone: %j',
    (patch) => {
      const job = new Simulation({ schedule: '@hourly', overlapPolicy: 'allow', catchUpPolicy: 'all' });
      job.downTo(at('03:30:00')).update(patch).runTo(at('04:00:00'));
      expect(ledgerFaults(job)).toEqual([]);
      expect(ledger(job)).toEqual([
        '12-01 01:00 catch_up at 03:30',
        '12-01 02:00 catch_up at 03:30',
        '12-01 03:00 catch_up at 03:30',
        '12-01 04:00 schedule',
      ]);
    },
  );

  test('a policy changed during an outage rules over all that it finds due', () => {
    const job = new Simulation({ schedule: '@hourly', catchUpPolicy: 'all' }).downTo(at('03:30:00'));
    job.update({ catchUpPolicy: 'none' }).runTo(at('04:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 01:00 to 12-01 03:00 missed 3, catch_up_policy: none',
      '12-01 04:00 schedule',
    ]);
  });

  test('a backlog goes on when overlaps become allowed: all that waits starts at once', () => {
    const backlog = { schedule: '@hourly', catchUpPolicy: 'all' } as const;
    const job = new Simulation(backlog, { takes: () => 5 * MINUTE }).downTo(at('04:30:00'));
    job.runTo(at('04:32:00')).update({ overlapPolicy: 'allow' }).runTo(at('05:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 01:00 catch_up at 04:30',
      '12-01 02:00 catch_up at 04:32',
      '12-01 03:00 catch_up at 04:32',
      '12-01 04:00 catch_up at 04:32',
      '12-01 05:00 schedule',
    ]);
  });

  test('end_at moved before what is due ends the job; moved on, it goes on', () => {
    const job = new Simulation({ schedule: '@hourly' }).runTo(at('02:30:00'));
    job.update({ endAt: at('02:45:00') });
    expect(job.job).toMatchObject({ status: 'completed', enabled: false });
    job
      .runTo(at('04:30:00'))
      .update({ enabled: true, endAt: at('06:00:00') })
      .runTo(at('09:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 01:00 schedule',
      '12-01 02:00 schedule',
      '12-01 05:00 schedule',
      '12-01 06:00 schedule',
    ]);
    expect(job.job.status).toBe('completed');
  });

  test('start_at moved on makes a gap that has no occurrences', () => {
    const job = new Simulation({ schedule: '@hourly' }).runTo(at('02:30:00'));
    job.update({ startAt: at('05:00:00') }).runTo(at('06:30:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual(['01', '02', '05', '06'].map((hour) => `12-01 ${hour}:00 schedule`));
  });

  test('max_runs set to what has run completes the job, at once', () => {
    const job = new Simulation({ schedule: '@hourly' }).runTo(at('02:30:00')).downTo(at('04:30:00'));
    job.update({ maxRuns: 2 }).runTo(at('06:00:00'));
    expect(ledgerFaults(job)).toEqual([]);
    expect(ledger(job)).toEqual([
      '12-01 01:00 schedule',
      '12-01 02:00 schedule',
      `12-01 03:00 to 12-01 04:00 missed 2, ${changed}`,
    ]);
    expect(job.job).toMatchObject({ status: 'completed', statusReason: 'max_runs 2 reached' });
  });
});
