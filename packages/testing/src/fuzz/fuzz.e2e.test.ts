import { migrateDatabase } from '../migrate-database.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { fuzz } from './fuzz.ts';
import { errorsOf, type FuzzedApi, startFuzzedApi } from './fuzzed-api.ts';

let database: TestDatabase;
let api: FuzzedApi;

beforeAll(async () => {
  database = await createTestDatabase(migrateDatabase);
  api = await startFuzzedApi(database.url);
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

test('a thousand requests of all kinds are each answered as SPEC 5 has it, and none of them is a bug', async () => {
  const { sent, failure, statuses } = await fuzz(api, { seed: 1, requests: 1_000 });
  expect(failure).toBeNull();
  expect(errorsOf(api)).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(1_000);
  // Some get through, so that it is not only the front door that was tried.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404, 405]));
});
