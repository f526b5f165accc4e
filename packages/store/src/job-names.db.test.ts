import { sql } from 'kysely';

import { jobs } from './index.ts';
import { insertJob, openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  await sql`TRUNCATE automation_jobs`.execute(store.db);
});

afterAll(() => store.dispose());

const namesLike = async (q: string) =>
  (await jobs.list(store.db, { accountId: 'acc', limit: 10, q })).map(({ name }) => name);

/** Stores jobs of those names and answers what became of each. */
async function insertNamed(...names: string[]): Promise<string[]> {
  const outcomes = [];
  for (const name of names) {
    const outcome = insertJob(store, { name }).then(
      () => 'stored',
      (error: { code: string }) => error.code,
    );
    outcomes.push(await outcome);
  }
  return outcomes;
}

describe('the same but for the case, and so only one of them can be (SPEC 1)', () => {
  test.each([
    { of: 'umlauts', one: 'ÄRGER', other: 'ärger' },
    { of: 'accents', one: 'Crème Brûlée', other: 'CRÈME BRÛLÉE' },
    { of: 'Cyrillic', one: 'Отчёт', other: 'ОТЧЁТ' },
    { of: 'Greek', one: 'Έκθεση', other: 'ΈΚΘΕΣΗ' },
    { of: 'a capital sharp s', one: 'Straße', other: 'STRAẞE' },
    { of: 'letters beyond 16 bits', one: '𐐀', other: '𐐨' },
    { of: 'full-width letters', one: 'ＪＯＢ', other: 'ｊｏｂ' },
  ])('$of: $one, $other', async ({ one, other }) => {
    expect(await insertNamed(one, other)).toEqual(['stored', 'CONFLICT']);
    expect(await namesLike(other)).toEqual([one]);
    expect(await insertNamed(`${other}!`, `${one}!`)).toEqual(['stored', 'CONFLICT']);
  });
});

describe('different names, and so both can be', () => {
  test.each([
    {
      because: 'ss is how ß is written in capitals, but not its lower case',
      one: 'Straße',
      other: 'STRASSE',
    },
    { because: 'an accent is no case', one: 'resume', other: 'résumé' },
    { because: 'a letter and its accent are not put together', one: '\u00E4rger', other: 'a\u0308rger' },
    { because: 'Turkish i is no matter of the account', one: 'ı', other: 'I' },
    { because: 'spaces count; the api trims names', one: 'report', other: 'report ' },
    { because: 'spaces count inside of a name', one: 'a b', other: 'a  b' },
    { because: 'width is no case', one: 'JOB', other: 'ＪＯＢ' },
  ])('$because: $one, $other', async ({ one, other }) => {
    expect(await insertNamed(one, other)).toEqual(['stored', 'stored']);
  });
});

test('the name in the refusal is the one that was asked for, and what is there stays', async () => {
  const job = await insertJob(store, { name: 'Ärger' });
  await expect(insertJob(store, { name: 'ÄRGER' })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'job with name "ÄRGER" already exists',
  });
  expect(await jobs.list(store.db, { accountId: 'acc', limit: 10 })).toEqual([job]);
});

test('of twenty simultaneous creates in either case one wins, beyond ASCII too', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => insertNamed(n % 2 === 0 ? 'Ärger' : 'ÄRGER')),
  );
  expect(outcomes.flat().toSorted()).toEqual([...Array(19).fill('CONFLICT'), 'stored']);
  expect(await namesLike('ärger')).toHaveLength(1);
});

test('of two simultaneous renames to one name one wins', async () => {
  const renamed = await Promise.allSettled(
    [await insertJob(store), await insertJob(store)].map((job, n) =>
      store.db.transaction().execute(async (trx) => {
        const held = await jobs.findForUpdate(trx, job.id);
        await jobs.update(trx, { ...held!, name: n === 0 ? 'Ärger' : 'ÄRGER' });
      }),
    ),
  );
  expect(renamed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await namesLike('ärger')).toHaveLength(1);
});
