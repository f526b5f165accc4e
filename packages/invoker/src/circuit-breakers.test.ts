import { CircuitBreakers } from './circuit-breakers.ts';

const MINUTE = 60_000;

function setup() {
  const clock = { ms: 0 };
  const changes: string[] = [];
  const breakers = new CircuitBreakers({
    now: () => clock.ms,
    onChange: (functionId, state) => changes.push(`${functionId} ${state}`),
  });
  const permitOf = (functionId: string) => {
    const admission = breakers.admit(functionId);
    if (!admission.allowed) throw new Error(`refused for ${admission.waitMs} ms`);
    return admission.permit;
  };
  const fail = (functionId: string, times: number) => {
    for (let n = 0; n < times; n += 1) permitOf(functionId).failed();
  };
  const pass = (ms: number) => {
    clock.ms += ms;
  };
  return { breakers, changes, permitOf, fail, pass };
}

test('each function has a circuit of its own', () => {
  const { breakers, changes, fail } = setup();
  fail('broken', 10);
  expect(breakers.admit('broken').allowed).toBe(false);
  expect(breakers.admit('sound').allowed).toBe(true);
  expect(changes).toEqual(['broken open']);
});

test('it remembers a function between its attempts, and through the sweeps of idle ones', () => {
  const { changes, fail, pass } = setup();
  fail('fn', 5);
  pass(MINUTE / 2);
  fail('fn', 4);
  pass(MINUTE / 2 + 1_000);
  fail('other', 1);
  fail('fn', 5);
  expect(changes).toEqual([]);
  fail('fn', 1);
  expect(changes).toEqual(['fn open']);
});

test('an attempt that outlasts several sweeps still counts, and with those made meanwhile', () => {
  const { changes, permitOf, fail, pass } = setup();
  const slow = Array.from({ length: 9 }, () => permitOf('fn'));
  for (let n = 0; n < 5; n += 1) {
    pass(MINUTE);
    fail('other', 1);
  }
  for (const permit of slow) permit.failed();
  fail('fn', 1);
  expect(changes).toEqual(['fn open']);
});

test('an open circuit outlasts the sweeps while executions wait for its probe', () => {
  const { breakers, fail, pass } = setup();
  fail('fn', 10);
  pass(MINUTE);
  fail('other', 1);
  const probe = breakers.admit('fn');
  expect(probe.allowed).toBe(true);
  expect(breakers.admit('fn')).toEqual({ allowed: false, waitMs: 5_000 });
});

test('it counts the circuits that are open: until a probe succeeds, or nobody waits for one any more', () => {
  const { breakers, permitOf, fail, pass } = setup();
  expect(breakers.openCount).toBe(0);
  fail('one', 10);
  fail('other', 10);
  permitOf('sound').succeeded();
  expect(breakers.openCount).toBe(2);
  pass(MINUTE / 2);
  const probe = permitOf('one');
  expect(breakers.openCount).toBe(2);
  probe.succeeded();
  expect(breakers.openCount).toBe(1);
  pass(12 * MINUTE);
  expect(breakers.openCount).toBe(0);
});
