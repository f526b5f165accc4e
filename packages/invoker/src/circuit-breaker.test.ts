import { type BreakerState, CircuitBreaker, type Permit } from './circuit-breaker.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A breaker on a clock that only moves when it is told to, and what it reported. */
function setup() {
  const clock = { ms: 5 * MINUTE + 250 };
  const changes: BreakerState[] = [];
  const breaker = new CircuitBreaker(
    () => clock.ms,
    (state) => changes.push(state),
  );
  return {
    breaker,
    changes,
    pass: (ms: number) => {
      clock.ms += ms;
    },
    succeed: (times: number) => repeat(times, () => permitOf(breaker).succeeded()),
    fail: (times: number) => repeat(times, () => permitOf(breaker).failed()),
    /** How long a request has to wait; 0 if it is let through. */
    wait: () => {
      const admission = breaker.admit();
      if (!admission.allowed) return admission.waitMs;
      admission.permit.dropped();
      return 0;
    },
  };
}

function repeat(times: number, step: () => void): void {
  for (let n = 0; n < times; n += 1) step();
}

function permitOf(breaker: CircuitBreaker): Permit {
  const admission = breaker.admit();
  if (!admission.allowed) throw new Error(`refused for ${admission.waitMs} ms`);
  return admission.permit;
}

/** One whose circuit has just opened. */
function setupOpen() {
  const opened = setup();
  opened.fail(10);
  return opened;
}

describe('the circuit opens when of the last minute at least 10 attempts were made and 70 % failed (SPEC 4)', () => {
  test('not with 9 attempts, even if all failed; with the 10th', () => {
    const { fail, wait, changes } = setup();
    fail(9);
    expect({ waits: wait(), changes }).toEqual({ waits: 0, changes: [] });
    fail(1);
    expect({ waits: wait(), changes }).toEqual({ waits: 30 * SECOND, changes: ['open'] });
  });

  test.each([
    { succeeded: 3, failed: 7, opens: true },
    { succeeded: 4, failed: 6, opens: false },
    { succeeded: 30, failed: 69, opens: false },
    { succeeded: 30, failed: 70, opens: true },
    { succeeded: 1_000, failed: 2_333, opens: false },
    { succeeded: 1_000, failed: 2_334, opens: true },
  ])('$failed failed beside $succeeded: $opens', ({ succeeded, failed, opens }) => {
    const { succeed, fail, changes } = setup();
    succeed(succeeded);
    fail(failed);
    expect(changes).toEqual(opens ? ['open'] : []);
  });

  test('a success can be the 10th attempt of which 7 failed', () => {
    const { succeed, fail, changes } = setup();
    fail(7);
    succeed(2);
    expect(changes).toEqual([]);
    succeed(1);
    expect(changes).toEqual(['open']);
  });

  test('attempts that were dropped count neither way', () => {
    const { breaker, fail, changes } = setup();
    repeat(20, () => permitOf(breaker).dropped());
    fail(9);
    expect(changes).toEqual([]);
  });

  test('attempts of a minute ago count no more', () => {
    const { fail, pass, changes } = setup();
    fail(5);
    pass(MINUTE);
    fail(5);
    expect(changes).toEqual([]);
    pass(59 * SECOND);
    fail(5);
    expect(changes).toEqual(['open']);
  });

  test('the minute slides: old successes make room for new failures', () => {
    const { succeed, fail, pass, changes } = setup();
    succeed(10);
    pass(30 * SECOND);
    fail(10);
    expect(changes).toEqual([]);
    pass(30 * SECOND);
    fail(1);
    expect(changes).toEqual(['open']);
  });

  test('a steady trickle of failures, less than 10 a minute, does not open it', () => {
    const { fail, pass, changes } = setup();
    repeat(100, () => {
      fail(1);
      pass(7 * SECOND);
    });
    expect(changes).toEqual([]);
  });
});

describe('while it is open no request is let through but probes (SPEC 4)', () => {
  test('the first after 30 s; who asks is told how long that is', () => {
    const { pass, wait } = setupOpen();
    expect(wait()).toBe(30 * SECOND);
    pass(29_999);
    expect(wait()).toBe(1);
    pass(1);
    expect(wait()).toBe(0);
  });

  test('then after 1, 2, 4 and 8 minutes, and every 10 from then on', () => {
    const { breaker, pass, wait } = setupOpen();
    const waits = [1, 2, 3, 4, 5, 6, 7].map(() => {
      pass(wait());
      permitOf(breaker).failed();
      return wait() / MINUTE;
    });
    expect(waits).toEqual([1, 2, 4, 8, 10, 10, 10]);
  });

  test('the wait counts from the end of the probe', () => {
    const { breaker, pass, wait } = setupOpen();
    pass(30 * SECOND);
    const probe = permitOf(breaker);
    pass(20 * SECOND);
    probe.failed();
    expect(wait()).toBe(MINUTE);
  });

  test('one at a time: meanwhile the others ask again, after 5 s and then the less often the longer it takes', () => {
    const { breaker, pass, wait } = setupOpen();
    pass(30 * SECOND);
    const probe = permitOf(breaker);
    expect([wait(), wait()]).toEqual([5 * SECOND, 5 * SECOND]);
    const waits = [1, 2, 3, 4, 5, 6, 7].map(() => {
      pass(wait());
      return wait() / SECOND;
    });
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60]);
    probe.failed();
    expect(wait()).toBe(MINUTE);
  });

  test('one that was dropped leaves its place to the next, at once', () => {
    const { breaker, pass, wait, changes } = setupOpen();
    pass(30 * SECOND);
    permitOf(breaker).dropped();
    const probe = permitOf(breaker);
    expect(wait()).toBe(5 * SECOND);
    probe.failed();
    expect(wait()).toBe(MINUTE);
    expect(changes).toEqual(['open']);
  });
});

describe('a probe that succeeds closes it', () => {
  test('everybody is let through again', () => {
    const { breaker, pass, changes } = setupOpen();
    pass(30 * SECOND);
    permitOf(breaker).succeeded();
    const permits = [permitOf(breaker), permitOf(breaker)];
    expect(permits).toHaveLength(2);
    expect(changes).toEqual(['open', 'closed']);
  });

  test('what failed before is forgotten: it takes 10 failures to open it again, and 30 s to the first probe', () => {
    const { breaker, pass, fail, wait, changes } = setupOpen();
    pass(30 * SECOND);
    permitOf(breaker).failed();
    pass(MINUTE);
    permitOf(breaker).succeeded();
    fail(9);
    expect(wait()).toBe(0);
    fail(1);
    expect(wait()).toBe(30 * SECOND);
    expect(changes).toEqual(['open', 'closed', 'open']);
  });
});

describe('requests from before it opened', () => {
  test('change nothing when they end while it is open', () => {
    const { breaker, fail, wait, changes } = setup();
    const late = Array.from({ length: 20 }, () => permitOf(breaker));
    fail(10);
    for (const permit of late.slice(10)) permit.succeeded();
    for (const permit of late.slice(0, 10)) permit.failed();
    expect(wait()).toBe(30 * SECOND);
    expect(changes).toEqual(['open']);
  });

  test('change nothing when they end after it was closed: they are older than the probe that succeeded', () => {
    const { breaker, fail, pass, changes } = setup();
    const late = Array.from({ length: 20 }, () => permitOf(breaker));
    fail(10);
    pass(30 * SECOND);
    permitOf(breaker).succeeded();
    for (const permit of late) permit.failed();
    expect(changes).toEqual(['open', 'closed']);
  });
});

describe('it may be forgotten', () => {
  test('a minute after its last attempt', () => {
    const { breaker, fail, pass } = setup();
    expect(breaker.isIdle).toBe(true);
    fail(1);
    expect(breaker.isIdle).toBe(false);
    pass(MINUTE);
    expect(breaker.isIdle).toBe(true);
  });

  test('not while a request is under way, however long it takes', () => {
    const { breaker, pass } = setup();
    const permit = permitOf(breaker);
    pass(15 * MINUTE);
    expect(breaker.isIdle).toBe(false);
    permit.dropped();
    expect(breaker.isIdle).toBe(true);
  });

  test('when it is open: only if nobody has asked for the probe for longer than there is between two', () => {
    const { breaker, pass } = setupOpen();
    pass(30 * SECOND);
    expect(breaker.isIdle).toBe(false);
    pass(10 * MINUTE);
    expect(breaker.isIdle).toBe(false);
    pass(1);
    expect(breaker.isIdle).toBe(true);
  });
});
