import { type AppProcess, createTestDatabase, type TestDatabase } from '@automation/testing';

import { migrateAll } from './migrate-all.fixture.ts';
import { clientOf, openSystem, portOf, type TestSystem } from './system.fixture.ts';

let database: TestDatabase;
let system: TestSystem;
let api: AppProcess;

beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  api = await system.start('api');
});

afterAll(async () => {
  await system.close();
  await database.drop();
});

const messages = () => api.lines.map(({ event }) => event['message']);
const changedTo = (level: string) =>
  api.untilLine(({ event }) => event['message'] === 'log level changed' && event['to'] === level);

test('SIGUSR2 turns the debug lines of a running process on, and its metrics port turns them off', async () => {
  await clientOf(api).get('/functions');
  api.signal('SIGUSR2');
  await changedTo('debug');
  expect(messages()).not.toContain('request answered');
  await clientOf(api).get('/functions');
  await api.untilLine('request answered');

  const answer = await fetch(`http://127.0.0.1:${portOf(api, 'metrics_port')}/log-level`, {
    method: 'PUT',
    body: '{"level": "warn"}',
  });
  expect(await answer.json()).toEqual({ level: 'warn', configured: 'info' });
  await changedTo('warn');
  const before = messages().length;
  const { status } = await clientOf(api).post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
  expect(status).toBe(201);
  api.signal('SIGTERM');
  expect(await api.untilExit()).toEqual({ code: 0, signal: null });
  // Neither the function nor the stop is worth a warning.
  expect(messages().slice(before)).toEqual([]);
});
