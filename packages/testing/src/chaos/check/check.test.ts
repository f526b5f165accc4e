import type { Call, LedgerExecution } from '../evidence.ts';
import { check } from './check.ts';
import {
  at,
  audit,
  call,
  calls,
  evidence,
  execution,
  incident,
  job,
  life,
  OTHER_WORKER,
  recorded,
  SCHEDULER,
  span,
  START,
  WORKER,
} from './evidence.fixture.ts';

/** The rules that a run breaks, each once. */
const broken = (parts: Parameters<typeof evidence>[0]) => [
  ...new Set(check(evidence(parts)).violations.map(({ rule }) => rule)),
];

test('a run in which all went well breaks no rule', () => {
  const verdict = check(evidence());
  expect(verdict.violations).toEqual([]);
  expect(verdict.expected).toBe(2);
});

describe('the ledger against the schedule', () => {
  test('an occurrence without an entry is unaccounted', () => {
    const parts = {
      executions: [execution(20)],
      jobs: [job({ runCount: 1, checkCount: 1 })],
      calls: calls(20),
    };
    expect(broken(parts)).toEqual(['unaccounted']);
  });

  test('an occurrence in a run of missed ones is accounted for', () => {
    const missed = [{ job: 'job-1', from: at(10), to: at(10), count: 1 }];
    const parts = {
      executions: [execution(20)],
      jobs: [job({ runCount: 1, checkCount: 1 })],
      calls: calls(20),
    };
    expect(broken({ ...parts, missed })).toEqual([]);
    expect(broken({ ...parts, missed: missed.map((run) => ({ ...run, count: 2 })) })).toEqual([
      'missed count',
    ]);
  });

  test('an occurrence that is performed and missed too is recorded twice', () => {
    const missed = [{ job: 'job-1', from: at(10), to: at(10), count: 1 }];
    expect(broken({ missed })).toEqual(['recorded twice']);
  });

  test('two executions of one occurrence are found', () => {
    const twin = execution(20, { id: 'twin' });
    const twins = [call(20, 'check', 2.1), call(20, 'perform', 3)].map((each) => ({
      ...each,
      execution: 'twin',
      key: `twin:${each.phase}`,
    }));
    const jobs = [job({ runCount: 3, checkCount: 3, overlapPolicy: 'allow' as const })];
    const parts = { executions: [execution(10), execution(20), { ...twin, completedAt: at(24) }], jobs };
    expect(broken({ ...parts, calls: [...calls(10), ...calls(20), ...twins] })).toEqual(['recorded twice']);
  });

  test('an execution of no occurrence is unexpected, a manual one is not', () => {
    const jobs = [job({ runCount: 3, checkCount: 3 })];
    const one = (trigger: 'manual' | 'schedule') => ({
      jobs,
      executions: [execution(10), execution(13, { trigger }), execution(20)],
      calls: [...calls(10), ...calls(13), ...calls(20)],
    });
    expect(broken(one('schedule'))).toEqual(['unexpected']);
    expect(broken(one('manual'))).toEqual([]);
  });

  test('a timetable that goes on after the job was stopped is found', () => {
    const spans = [span({ until: null, endAt: at(25) })];
    expect(broken({ spans })).toEqual(['open timetable']);
  });

  test("the product's audit has to find the same", () => {
    expect(broken({ audit: audit({ expected: 3 }) })).toEqual(['product audit']);
    expect(broken({ audit: audit({ unaccounted: 1 }) })).toEqual(['product audit']);
  });

  test('a timetable that ends while the job was enabled, or goes on while it was not, is found', () => {
    const operation = { job: 'job-1', status: 200, sentAt: START, answeredAt: START };
    const created = { ...operation, kind: 'create', enabled: true };
    const paused = (seconds: number) => ({
      ...operation,
      kind: 'pause',
      enabled: false,
      sentAt: at(seconds),
      answeredAt: at(seconds),
    });
    expect(broken({ operations: [created, paused(25)] })).toEqual([]);
    expect(broken({ operations: [created, paused(40)] })).toEqual(['timetable']);
    expect(broken({ operations: [created, paused(15), paused(50)] })).toEqual(['timetable']);
  });
});

describe('what is recorded', () => {
  test('an execution that never finished is found', () => {
    const executions = [
      execution(10),
      execution(20, { status: 'performing', completedAt: null, perform: null }),
    ];
    const jobs = [job({ runCount: 1, inFlight: 1 })];
    expect(broken({ executions, jobs })).toEqual(['open']);
    expect(broken({ waitingLeft: 1 })).toEqual(['open']);
  });

  test('counts of a job that differ from its executions are found', () => {
    expect(broken({ jobs: [job({ runCount: 3 })] })).toEqual(['run_count']);
    expect(broken({ jobs: [job({ checkCount: 1 })] })).toEqual(['check_count']);
    expect(broken({ jobs: [job({ inFlight: 1 })] })).toEqual(['in_flight']);
    expect(broken({ jobs: [job({ enabled: true, nextOccurrence: at(30) })] })).toEqual(['enabled']);
  });

  test('a perform that is recorded as succeeded though the function never said so is found', () => {
    const failed = call(20, 'perform', 1, { answer: { status: 500, means: 'fault' } });
    const parts = { calls: [...calls(10), call(20, 'check', 0.1), failed] };
    expect(broken(parts)).toEqual(['never answered so']);
    // Another attempt's answer is none of this one's.
    const second = call(20, 'perform', 1.2, { attempt: 2 });
    expect(broken({ calls: [...parts.calls, second] })).toEqual(['never answered so']);
  });

  test('a perform that was accepted and completed later succeeded', () => {
    const accepted = call(20, 'perform', 1, {
      answer: { status: 202, means: 'accepted' },
      acceptedUntil: at(25),
    });
    const complete = (status: number | null) => ({
      calls: [
        ...calls(10),
        call(20, 'check', 0.1),
        { ...accepted, completions: [{ at: at(21.5), means: 'yes' as const, status }] },
      ],
    });
    expect(broken(complete(200))).toEqual([]);
    expect(broken(complete(null))).toEqual([]);
    expect(broken(complete(403))).toEqual(['never answered so']);
  });

  test('an execution that is recorded as declined was told no', () => {
    const declined = execution(20, { status: 'declined', perform: null });
    const parts = { executions: [execution(10), declined], jobs: [job({ runCount: 1 })] };
    const check20 = call(20, 'check', 0.1);
    expect(broken({ ...parts, calls: [...calls(10), check20] })).toEqual(['never answered so']);
    const no = { ...check20, answer: { status: 200, means: 'no' as const } };
    expect(broken({ ...parts, calls: [...calls(10), no] })).toEqual([]);
  });

  test('a perform without a check that said yes before is found', () => {
    const perform = call(20, 'perform', 1);
    const checks = [
      call(20, 'check', 0.1, { answer: { status: 200, means: 'no' } }),
      call(20, 'check', 1.2, { attempt: 2 }),
    ];
    const executions = [execution(10), execution(20, { check: recorded({ attempts: 2 }) })];
    for (const found of checks) {
      expect(broken({ executions, calls: [...calls(10), found, perform] })).toContain(
        'perform without check',
      );
    }
  });

  test('more runs than max_runs are found, those that were cancelled are none', () => {
    const jobs = [job({ maxRuns: 1 })];
    expect(broken({ jobs })).toEqual(['max_runs exceeded']);
    const cancelled = execution(20, { status: 'cancelled', perform: null });
    const fair = { jobs: [job({ maxRuns: 1, runCount: 1 })], executions: [execution(10), cancelled] };
    expect(broken(fair)).toEqual([]);
  });

  test('a request that the ledger knows nothing of is found', () => {
    expect(broken({ calls: [...calls(10), ...calls(20), call(99, 'check', 0)] })).toEqual([
      'unknown request',
    ]);
    const strange = call(20, 'check', 0.1, { key: 'another:check' });
    expect(broken({ calls: [...calls(10), strange, call(20, 'perform', 1)] })).toEqual(['unknown request']);
  });
});

/** What is broken if the first execution makes these requests for its perform. */
function performing(first: LedgerExecution, ...performs: Call[]): string[] {
  return broken({
    executions: [first, execution(20)],
    calls: [call(10, 'check', 0.1), ...performs, ...calls(20)],
  });
}

/** The first execution, whose perform was made at an instant and timed out right before the second one. */
function timedOut(startedAt: number): LedgerExecution {
  const perform = recorded({ status: 'timed_out', httpStatus: null, startedAt });
  return execution(10, { status: 'timed_out', completedAt: at(20.05), perform });
}

describe('overlaps', () => {
  /** The first perform is still under way when the second execution is. */
  const late = call(10, 'perform', 1, { endedAt: at(21) });
  const overlapping = [call(10, 'check', 0.1), late, ...calls(20)];
  const open = [execution(10, { completedAt: at(21.2) }), execution(20, { completedAt: at(22) })];

  test.each(['skip', 'queue'] as const)(
    'two executions at the same time under %s are found',
    (overlapPolicy) => {
      const parts = { jobs: [job({ overlapPolicy })], calls: overlapping };
      expect(broken({ ...parts, executions: open })).toEqual([`overlap under ${overlapPolicy}`]);
      // Though the ledger says that the first one was over.
      expect(broken(parts)).toEqual(['never answered so', `overlap under ${overlapPolicy}`]);
    },
  );

  test('allow allows them, and a manual run may overlap', () => {
    expect(broken({ jobs: [job({ overlapPolicy: 'allow' })], calls: overlapping, executions: open })).toEqual(
      [],
    );
    const manual = execution(13, { trigger: 'manual', completedAt: at(21.2) });
    const parts = {
      jobs: [job({ runCount: 3, checkCount: 3 })],
      executions: [execution(10), manual, execution(20)],
    };
    const during = [call(13, 'check', 0.1), call(13, 'perform', 1, { endedAt: at(21) })];
    expect(broken({ ...parts, calls: [...calls(10), ...during, ...calls(20)] })).toEqual([]);
  });

  test('an execution between two attempts is under way as well', () => {
    const retried = [
      call(10, 'check', 0.1),
      call(10, 'perform', 1, { answer: { status: 500, means: 'fault' } }),
      call(10, 'perform', 10.8, { attempt: 2, endedAt: at(20.9) }),
    ];
    const executions = [
      execution(10, {
        completedAt: at(20.95),
        perform: recorded({ attempts: 2 }),
      }),
      execution(20),
    ];
    expect(broken({ executions, calls: [...retried, ...calls(20)] })).toEqual(['overlap under skip']);
  });

  test('an attempt that was accepted is under way for as long as the worker gave it, and not when the function came to it later', () => {
    // Until 21.5 by the function's clock, which came to it at 12.5.
    const answer = { status: 202, means: 'accepted' as const };
    const accepted = call(10, 'perform', 2.5, { answer, acceptedUntil: at(21.5) });
    expect(performing(timedOut(at(11)), accepted)).toEqual([]);
    expect(performing(timedOut(at(11.5)), accepted)).toEqual(['overlap under skip']);
    // The attempt was over when the next one was made.
    const again = execution(10, { perform: recorded({ attempts: 2 }), completedAt: at(19.6) });
    expect(performing(again, accepted, call(10, 'perform', 9, { attempt: 2 }))).toEqual([]);
  });

  test('the open request of a worker that lost its lease is none, and neither is that of a cancelled execution', () => {
    const stale = call(10, 'perform', 1, { endedAt: at(21), answer: null });
    const taken = call(10, 'perform', 3, { sender: OTHER_WORKER });
    const stop = incident({ kind: 'stop', at: at(11.2), until: at(22) });
    const executions = [execution(10, { completedAt: at(14) }), execution(20)];
    const parts = { executions, calls: [call(10, 'check', 0.1), stale, taken, ...calls(20)] };
    expect(broken({ ...parts, incidents: [stop] })).toEqual([]);
    expect(broken(parts)).toEqual(['overlap under skip', 'repeated without cause']);

    const cancelled = execution(10, { status: 'cancelled', perform: null, completedAt: at(20) });
    const jobs = [job({ runCount: 1 })];
    const cut = {
      jobs,
      executions: [cancelled, execution(20)],
      calls: [call(10, 'check', 0.1), stale, ...calls(20)],
    };
    expect(broken(cut)).toEqual([]);
  });
});

describe('repeats', () => {
  const first = call(20, 'perform', 1, { answer: null, endedAt: at(21.2) });
  const again = call(20, 'perform', 1.5, { sender: OTHER_WORKER, endedAt: at(21.8) });
  const repeated = [...calls(10), call(20, 'check', 0.1), first, again];

  test('a request that comes again has a cause', () => {
    const causes = [
      incident({ kind: 'kill', at: at(21.2) }),
      incident({ kind: 'stop', at: at(12), until: at(21.1) }),
      incident({ kind: 'database', at: at(20.5), until: at(20.9), pid: null }),
    ];
    for (const cause of causes) {
      const verdict = check(evidence({ calls: repeated, incidents: [cause] }));
      expect(verdict.violations).toEqual([]);
      expect([...verdict.repeats.repeated]).toEqual([[cause.kind, 1]]);
    }
  });

  test('without one, by a short stop, another process or a clean restart it is a violation', () => {
    const excuses = [
      [],
      [incident({ kind: 'stop', at: at(21.1), until: at(21.4) })],
      [incident({ kind: 'kill', at: at(21.2), pid: 99 })],
      [incident({ kind: 'terminate', at: at(21.2), until: at(22) })],
    ];
    for (const incidents of excuses) {
      expect(broken({ calls: repeated, incidents, lives: [] })).toEqual(['repeated without cause']);
    }
  });

  test('another attempt is no repeat', () => {
    const failed = { ...first, answer: { status: 500, means: 'fault' as const } };
    const executions = [execution(10), execution(20, { perform: recorded({ attempts: 2 }) })];
    const parts = {
      executions,
      calls: [...calls(10), call(20, 'check', 0.1), failed, { ...again, attempt: 2 }],
    };
    expect(broken(parts)).toEqual([]);
  });

  test('a request after the recorded end comes from a worker that was stopped, or right after a cancellation', () => {
    const stale = call(10, 'perform', 6, { sender: OTHER_WORKER });
    const parts = { calls: [...calls(10), stale, ...calls(20)] };
    const stop = incident({ kind: 'stop', at: at(5), until: at(15.9), pid: OTHER_WORKER });
    expect(broken(parts)).toEqual(['repeated without cause', 'request after the end']);
    const verdict = check(evidence({ ...parts, incidents: [stop] }));
    expect(verdict.violations).toEqual([]);
    expect([...verdict.repeats.afterEnd]).toEqual([['stop', 1]]);

    const cancelled = execution(20, { status: 'cancelled', perform: null, completedAt: at(20.9) });
    const jobs = [job({ runCount: 1 })];
    expect(broken({ jobs, executions: [execution(10), cancelled] })).toEqual([]);
  });

  test('a request may be noticed only after its worker gave it up and recorded so', () => {
    const givenUp = execution(20, {
      status: 'timed_out',
      perform: recorded({ status: 'timed_out', httpStatus: null }),
    });
    const noticed = (overrides: object) => ({
      executions: [execution(10), givenUp],
      calls: [
        ...calls(10),
        call(20, 'check', 0.1),
        call(20, 'perform', 3, { sender: null, answer: null, endedAt: at(23.1), ...overrides }),
      ],
    });
    expect(broken(noticed({}))).toEqual([]);
    // On a connection that was kept alive the server may even answer.
    const accepted = { answer: { status: 202, means: 'accepted' as const }, acceptedUntil: at(28) };
    expect(broken(noticed({ sender: WORKER, endedAt: at(23), ...accepted }))).toEqual([]);
    expect(broken(noticed({ endedAt: at(25) }))).toEqual(['request after the end']);
    const twice = noticed({});
    twice.calls.push(call(20, 'perform', 1, { answer: null }));
    expect(broken(twice)).toEqual(['repeated without cause', 'request after the end']);
  });
});

describe('processes', () => {
  test('a process that ends by itself is found, unless it starts while the database is away', () => {
    const ended = life({ endedBy: null, code: 1, endedAt: at(30) });
    expect(broken({ lives: [ended] })).toEqual(['process end']);
    const starting = { ...ended, readyAt: null, startedAt: at(29) };
    const outage = incident({ kind: 'database', at: at(28), until: at(31), pid: null });
    expect(broken({ lives: [starting] })).toEqual(['process end']);
    expect(broken({ lives: [starting], incidents: [outage] })).toEqual([]);
  });

  test('a SIGTERM that is not answered with a clean end in time is found', () => {
    const terminate = incident({ kind: 'terminate', at: at(30), until: at(58) });
    expect(broken({ lives: [life({ code: 1 })] })).toEqual(['process end']);
    expect(broken({ lives: [life({ endedAt: at(58) })], incidents: [terminate] })).toEqual(['process end']);
    expect(broken({ lives: [life({ endedAt: null, code: null })] })).toEqual(['process end']);
    expect(broken({ lives: [life({ endedBy: 'kill', code: null, signal: 'SIGKILL' })] })).toEqual([]);
  });

  test('an ERROR line in a log is found', () => {
    expect(broken({ lives: [life({ errors: ['{"level":"error"}'] })] })).toEqual(['error in a log']);
  });

  test('what the database refused to a service is found', () => {
    expect(broken({ refusals: ['ERROR:  permission denied for table accounts'] })).toEqual(['right missing']);
  });

  test('what a killed worker was at is taken up again within 15 s', () => {
    const cut = call(20, 'perform', 1, { answer: null, endedAt: at(21.2) });
    const kill = incident({ kind: 'kill', at: at(21.2) });
    const taken = (seconds: number) => {
      const next = call(20, 'perform', seconds, { sender: OTHER_WORKER });
      const executions = [execution(10), execution(20, { completedAt: at(60) })];
      return { executions, calls: [...calls(10), call(20, 'check', 0.1), cut, next], incidents: [kill] };
    };
    const verdict = check(evidence(taken(11.2)));
    expect(verdict.violations).toEqual([]);
    expect(verdict.recoveries.times).toEqual([10_000]);
    expect(broken(taken(17))).toEqual(['taken up late']);
    // What takes time besides counts for as long as it takes, and who may have had it meanwhile for as long again.
    const others = [
      incident({ kind: 'database', at: at(31), until: at(32), pid: null }),
      incident({ kind: 'stop', at: at(30), until: at(36), pid: SCHEDULER }),
      incident({ kind: 'kill', at: at(33), pid: OTHER_WORKER }),
    ];
    for (const other of others) {
      const excused = check(evidence({ ...taken(17), incidents: [kill, other] }));
      expect(excused.violations).toEqual([]);
      expect(excused.recoveries.excused).toBe(1);
      expect(broken({ ...taken(38), incidents: [kill, other] })).toEqual(['taken up late']);
    }
  });

  test('what nobody takes up again is found', () => {
    const cut = call(20, 'perform', 1, { answer: null, endedAt: at(21.2), sender: WORKER });
    const executions = [
      execution(10),
      execution(20, { status: 'performing', completedAt: null, perform: null }),
    ];
    const parts = {
      executions,
      jobs: [job({ runCount: 1, inFlight: 1 })],
      calls: [...calls(10), call(20, 'check', 0.1), cut],
      incidents: [incident({ kind: 'kill', at: at(21.2) })],
    };
    expect(broken(parts)).toEqual(['open', 'taken up late']);
  });
});
