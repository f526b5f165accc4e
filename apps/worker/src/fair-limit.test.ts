import { type Claimant, FairLimit } from './fair-limit.ts';

/** Work that goes on until it is told to end. */
function setup(places: number) {
  const limit = new FairLimit(places);
  const running: { claimant: Claimant; end: () => void }[] = [];
  const begin = (accountId: string, functionId = accountId) => {
    const claimant = { accountId, functionId };
    return limit.run(claimant, () => new Promise<void>((end) => running.push({ claimant, end })));
  };
  const beginMany = (count: number, accountId: string, functionId = accountId) =>
    Promise.all(Array.from({ length: count }, () => begin(accountId, functionId)));
  const runningOf = (accountId: string) => running.filter(({ claimant }) => claimant.accountId === accountId);
  /** Ends the oldest work of an account, and lets what follows begin. */
  const endOne = async (accountId: string) => {
    const [first] = runningOf(accountId);
    if (first === undefined) throw new Error(`nothing of ${accountId} runs`);
    running.splice(running.indexOf(first), 1);
    first.end();
    await settled();
  };
  return { limit, running, begin, beginMany, runningOf, endOne };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('places of a worker', () => {
  test('work begins at once while there are some, and in its order when there are some again', async () => {
    const { beginMany, running, endOne } = setup(2);
    void beginMany(1, 'a', 'first');
    void beginMany(1, 'b', 'second');
    void beginMany(1, 'c', 'third');
    void beginMany(1, 'd', 'fourth');
    await settled();
    const functions = () => running.map(({ claimant }) => claimant.functionId);
    expect(functions()).toEqual(['first', 'second']);
    await endOne('a');
    await endOne('b');
    expect(functions()).toEqual(['third', 'fourth']);
  });

  test('one place is enough for everybody, one after the other', async () => {
    const { beginMany, running, endOne, limit } = setup(1);
    const all = Promise.all([beginMany(3, 'a'), beginMany(3, 'b')]);
    await settled();
    for (let n = 0; n < 6; n += 1) {
      expect(running).toHaveLength(1);
      await endOne(running[0]!.claimant.accountId);
    }
    await all;
    expect({ hasRoom: limit.hasRoom, busy: limit.busyAccounts }).toEqual({ hasRoom: true, busy: [] });
  });

  test('are free again after work that failed', async () => {
    const { limit } = setup(1);
    const claimant = { accountId: 'a', functionId: 'f' };
    await expect(limit.run(claimant, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limit.run(claimant, () => Promise.resolve(7))).toBe(7);
  });
});

describe("one account's flood (SPEC 4)", () => {
  test('gets most places, and leaves some free for others', async () => {
    const { beginMany, runningOf, limit } = setup(100);
    for (let n = 0; n < 50; n += 1) void beginMany(20, 'flood', `function-${n}`);
    await settled();
    expect(runningOf('flood')).toHaveLength(80);
    expect(limit).toMatchObject({ hasRoom: true, busyAccounts: ['flood'] });
    void beginMany(1, 'other');
    await settled();
    expect(runningOf('other')).toHaveLength(1);
  });

  test('of several accounts at once leaves some free as well', async () => {
    const { beginMany, runningOf, running } = setup(100);
    for (const account of ['a', 'b', 'c', 'd', 'e'])
      for (let n = 0; n < 10; n += 1) void beginMany(20, account, account + n);
    await settled();
    expect(running.length).toBeLessThan(100);
    void beginMany(1, 'other');
    await settled();
    expect(runningOf('other')).toHaveLength(1);
  });

  test('gives its places up to an account that comes later, until both have as many', async () => {
    const { beginMany, runningOf, endOne } = setup(20);
    for (let n = 0; n < 10; n += 1) void beginMany(20, 'early', `early-${n}`);
    for (let n = 0; n < 10; n += 1) void beginMany(20, 'late', `late-${n}`);
    await settled();
    for (let n = 0; n < 20; n += 1) await endOne('early');
    expect(Math.abs(runningOf('early').length - runningOf('late').length)).toBeLessThanOrEqual(1);
  });
});

test('a slow function leaves places to the others of its account', async () => {
  const { beginMany, running } = setup(100);
  void beginMany(500, 'a', 'slow');
  void beginMany(5, 'a', 'quick');
  await settled();
  const count = (functionId: string) =>
    running.filter(({ claimant }) => claimant.functionId === functionId).length;
  expect([count('slow'), count('quick')]).toEqual([72, 5]);
});

test('an account is busy while it may have no more places, and no longer', async () => {
  const { beginMany, limit, endOne } = setup(10);
  void beginMany(8, 'a', 'f');
  await settled();
  expect(limit.busyAccounts).toEqual(['a']);
  await endOne('a');
  expect(limit.busyAccounts).toEqual([]);
});
