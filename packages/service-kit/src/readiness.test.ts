import { Readiness } from './readiness.ts';

const jest = import.meta.jest;

afterEach(() => jest.useRealTimers());

const never = () => new Promise<void>(() => {});

test('is ready when every check passes', async () => {
  const report = await new Readiness({ database: async () => {}, queue: async () => {} }).report();
  expect(report).toEqual({
    httpStatus: 200,
    body: { status: 'ready', checks: { database: 'ok', queue: 'ok' } },
  });
});

test('is ready when there is nothing to check', async () => {
  expect(await new Readiness({}).report()).toMatchObject({ httpStatus: 200 });
});

test('is unavailable when one check fails, and says which and why', async () => {
  const readiness = new Readiness({
    database: () => Promise.reject(new Error('connection refused')),
    queue: async () => {},
    cache: () => {
      throw new Error('not configured');
    },
  });
  expect(await readiness.report()).toEqual({
    httpStatus: 503,
    body: {
      status: 'unavailable',
      checks: { database: 'connection refused', queue: 'ok', cache: 'not configured' },
    },
  });
});

test('is unavailable from its withdrawal on, whatever works', async () => {
  const readiness = new Readiness({ database: async () => {} });
  readiness.withdraw();
  expect(await readiness.report()).toEqual({
    httpStatus: 503,
    body: { status: 'unavailable', checks: { database: 'ok', shutdown: 'under way' } },
  });
});

test('is found out once for all who ask at the same time, and anew for whoever asks later', async () => {
  let checks = 0;
  const readiness = new Readiness({
    database: async () => {
      checks += 1;
    },
  });
  const reports = await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
  expect(new Set(reports.map(({ httpStatus }) => httpStatus))).toEqual(new Set([200]));
  expect(checks).toBe(1);
  await readiness.report();
  expect(checks).toBe(2);
});

test('is not what was found out before its withdrawal', async () => {
  const readiness = new Readiness({ database: async () => {} });
  const before = readiness.report();
  readiness.withdraw();
  expect(await readiness.report()).toMatchObject({ httpStatus: 503 });
  expect(await before).toMatchObject({ httpStatus: 200 });
});

test('gives every check one second, all at the same time', async () => {
  jest.useFakeTimers();
  const report = new Readiness({ database: never, queue: never }).report();
  await jest.advanceTimersByTimeAsync(1000);
  expect(await report).toMatchObject({
    httpStatus: 503,
    body: { checks: { database: 'took longer than 1000 ms', queue: 'took longer than 1000 ms' } },
  });
});

test('leaves no timer behind', async () => {
  jest.useFakeTimers();
  await new Readiness({ database: async () => {} }).report();
  expect(jest.getTimerCount()).toBe(0);
});
