import { createTestDatabase, type TestDatabase, unique } from '@automation/testing';
import { Client } from 'pg';

import { isUnreachable } from './is-unreachable.ts';

const ROLE = unique('role').replaceAll('-', '_');

let database: TestDatabase;
let owner: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new Client(database.url);
  await owner.connect();
});

beforeEach(async () => {
  await owner.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'first'`);
});

afterEach(async () => {
  await owner.query(`DROP ROLE ${ROLE}`);
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** What becomes of a statement in a session of the role. */
async function failureOf(text: string): Promise<unknown> {
  const url = new URL(database.url);
  url.username = ROLE;
  url.password = 'first';
  const client = new Client(url.href);
  try {
    await client.connect();
    await client.query(text);
    return null;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

test('a role that may not log in any more is an outage: it is over when somebody sees to it', async () => {
  expect(await failureOf('SELECT 1')).toBeNull();
  await owner.query(`ALTER ROLE ${ROLE} NOLOGIN`);
  expect(isUnreachable(await failureOf('SELECT 1'))).toBe(true);
});

test('so is a password that was changed, on a server that asks for one', () => {
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
  expect(isUnreachable(refused)).toBe(true);
});

test('a right that a role does not have is none', async () => {
  const error = await failureOf('CREATE TABLE refused ()');
  expect(error).toMatchObject({ code: '42501' });
  expect(isUnreachable(error)).toBe(false);
});
