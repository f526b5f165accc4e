import { admit, admitCatchUp, CATCH_UP_AT_ONCE, type Occupancy } from './admit.ts';

function busy(changes: Partial<Occupancy> = {}): Occupancy {
  return { overlapPolicy: 'skip', maxRuns: 0, runCount: 0, inFlight: 0, waiting: 0, ...changes };
}

const READY = { state: 'ready', reason: null };
const WAITING = { state: 'waiting', reason: null };

test('with nothing in flight an occurrence starts at once, whatever the policy', () => {
  for (const overlapPolicy of ['skip', 'queue', 'allow'] as const)
    expect(admit(busy({ overlapPolicy }))).toEqual(READY);
});

describe('overlap_policy, when the previous execution has not finished (SPEC 3.4)', () => {
  test('skip: the occurrence is skipped, with its reason', () => {
    expect(admit(busy({ inFlight: 1 }))).toEqual({
      state: 'skipped',
      reason: 'overlap: the previous execution has not finished',
    });
  });

  test('queue: one waits, the next one is skipped', () => {
    expect(admit(busy({ overlapPolicy: 'queue', inFlight: 1 }))).toEqual(WAITING);
    expect(admit(busy({ overlapPolicy: 'queue', inFlight: 2, waiting: 1 }))).toEqual({
      state: 'skipped',
      reason: 'overlap: an execution is waiting for the previous one already',
    });
  });

  test('allow: it starts all the same', () => {
    expect(admit(busy({ overlapPolicy: 'allow', inFlight: 7 }))).toEqual(READY);
  });
});

describe('max_runs is never exceeded (SPEC 1)', () => {
  test.each([
    { runCount: 2, inFlight: 0, starts: true },
    { runCount: 2, inFlight: 1, starts: false },
    { runCount: 3, inFlight: 0, starts: false },
  ])('of 3 runs, with $runCount made and $inFlight in flight', ({ starts, ...state }) => {
    const job = busy({ overlapPolicy: 'allow', maxRuns: 3, ...state });
    const skipped = { state: 'skipped', reason: 'max_runs: executions in flight may use up the 3 runs' };
    expect(admit(job)).toEqual(starts ? READY : skipped);
    expect(admitCatchUp(job)).toEqual(starts ? READY : skipped);
  });
});

describe('catching up on all runs one after the other', () => {
  test('the first starts, those after it wait, under skip and queue alike', () => {
    for (const overlapPolicy of ['skip', 'queue'] as const) {
      expect(admitCatchUp(busy({ overlapPolicy }))).toEqual(READY);
      expect(admitCatchUp(busy({ overlapPolicy, inFlight: 1 }))).toEqual(WAITING);
      expect(admitCatchUp(busy({ overlapPolicy, inFlight: 5, waiting: 4 }))).toEqual(WAITING);
    }
  });

  test('allow: a batch starts, the rest waits', () => {
    const allow = { overlapPolicy: 'allow' as const };
    expect(admitCatchUp(busy({ ...allow, inFlight: CATCH_UP_AT_ONCE - 1 }))).toEqual(READY);
    expect(admitCatchUp(busy({ ...allow, inFlight: CATCH_UP_AT_ONCE }))).toEqual(WAITING);
  });

  test('nobody overtakes one that waits', () => {
    expect(admitCatchUp(busy({ inFlight: 1, waiting: 1 }))).toEqual(WAITING);
  });
});
