import { sql } from 'kysely';

import { readBriefly } from './index.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

test('a statement that takes longer than it may is ended by the server', async () => {
  const reading = readBriefly(store.db, 50, (trx) => sql`SELECT pg_sleep(60)`.execute(trx));
  await expect(reading).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    cause: { message: expect.stringContaining('statement timeout') },
  });
  // The bound was that transaction's.
  await expect(sql`SELECT pg_sleep(0.1)`.execute(store.db)).resolves.toBeDefined();
});
