import { type DatabaseLink, linkTo, waitUntil } from '@automation/testing';
import { sql } from 'kysely';

import { isUnreachable, openStore, type Store } from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

const jest = import.meta.jest;

/** By then an outage has to be known of, with room for a busy machine: a client gets its first answer in about 2 s. */
const FOUND_MS = 5_000;
const POOL_SIZE = 4;

let server: TestStore;
let link: DatabaseLink;
let store: Store;
let errors: Error[];

beforeAll(async () => {
  server = await openTestStore();
});

beforeEach(async () => {
  link = await linkTo(server.url);
  errors = [];
  store = openStore({
    url: link.url,
    poolSize: POOL_SIZE,
    applicationName: 'half-open',
    onConnectionError: (error) => errors.push(error),
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await link.close();
  await store.close();
});

afterAll(() => server.dispose());

/** Opens all of the pool's sessions; they are idle then. */
const fillPool = () =>
  Promise.all(Array.from({ length: POOL_SIZE }, () => sql`SELECT pg_sleep(0.05)`.execute(store.db)));

/** Waits for a failure, and answers what failed and how long it took. */
async function failure(statement: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = Date.now();
  const error = await statement.then(
    () => null,
    (reason: unknown) => reason,
  );
  return { error, ms: Date.now() - startedAt };
}

const statements: [string, () => Promise<unknown>][] = [
  ['a statement of ours', () => sql`SELECT 1`.execute(store.db)],
  ["one of the pool's, as pg-boss and the ping send it", () => store.pool.query('SELECT 1', [])],
];

test.each(statements)('%s on a half-open session fails soon, as an outage', async (_name, send) => {
  await fillPool();
  link.freeze();

  const { error, ms } = await failure(send());

  expect(error).not.toBeNull();
  expect(isUnreachable(error)).toBe(true);
  expect(ms).toBeLessThan(FOUND_MS);
});

test('with one half-open session those go that nobody uses: they went the same way', async () => {
  await fillPool();
  link.freeze();
  await failure(store.ping());

  await expect(store.ping()).resolves.toBeUndefined();
  await waitUntil(() => errors.length >= POOL_SIZE - 1, { what: 'the other sessions to be given up' });
  expect(errors.every(isUnreachable)).toBe(true);
});

test('a statement fails soon if the server does not answer new connections either', async () => {
  await fillPool();
  link.silence();

  const { error, ms } = await failure(store.ping());

  expect(isUnreachable(error)).toBe(true);
  expect(ms).toBeLessThan(FOUND_MS);
});

test('an answer that is lost on its way is missed, too', async () => {
  const slow = sql`SELECT pg_sleep(1)`.execute(store.db);
  await waitUntil(async () => (await asleep()) === 1, { what: 'the statement to be under way' });
  link.freeze();

  expect(isUnreachable((await failure(slow)).error)).toBe(true);
});

test('a statement that takes its time is left alone', async () => {
  const slow = sql<{ isDone: boolean }>`SELECT pg_sleep(3), true AS is_done`.execute(store.db);
  expect((await slow).rows).toMatchObject([{ isDone: true }]);
  expect(errors).toEqual([]);
});

test('so is one whose long answer arrives while this process is busy', async () => {
  await fillPool();
  const busy = setInterval(() => {
    const until = performance.now() + 400;
    while (performance.now() < until);
  }, 1);
  try {
    const long = sql`SELECT repeat('x', 1000000) FROM generate_series(1, 10)`.execute(store.db);
    expect((await long).rows).toHaveLength(10);
  } finally {
    clearInterval(busy);
  }
  expect(errors).toEqual([]);
});

/** Lets a clock of this process show so much more than it does. */
function setForward(clock: Pick<DateConstructor, 'now'> | Pick<Performance, 'now'>, ms: number): void {
  const now = clock.now.bind(clock);
  jest.spyOn(clock, 'now').mockImplementation(() => now() + ms);
}

test('so is one that takes a minute, as a migration or an audit of many rows may', async () => {
  const slow = sql<{ isDone: boolean }>`SELECT pg_sleep(1.2), true AS is_done`.execute(store.db);
  await waitUntil(async () => (await asleep()) === 1, { what: 'the statement to be under way' });
  setForward(performance, 60_000);
  expect((await slow).rows).toMatchObject([{ isDone: true }]);
  expect(errors).toEqual([]);
});

test('nor does a clock that is set forward take anything away', async () => {
  const slow = sql<{ isDone: boolean }>`SELECT pg_sleep(1.2), true AS is_done`.execute(store.db);
  await waitUntil(async () => (await asleep()) === 1, { what: 'the statement to be under way' });
  setForward(Date, 3_600_000);
  expect((await slow).rows).toMatchObject([{ isDone: true }]);
});

async function asleep(): Promise<number> {
  const { rows } = await server.pool.query<object>(
    `SELECT FROM pg_stat_activity WHERE application_name = 'half-open' AND wait_event = 'PgSleep'`,
  );
  return rows.length;
}
