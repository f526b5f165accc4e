import { freePort, waitUntil } from '@automation/testing';
import { Client, escapeIdentifier } from 'pg';

import { createTestListener, notifyIn, type TestListener } from './listener.fixture.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(() => store.dispose());

const opened: TestListener[] = [];

afterEach(async () => {
  for (const { listener } of opened.splice(0)) await listener.close();
});

function setup(connectionString = store.url): TestListener {
  const listener = createTestListener(store, { connectionString });
  opened.push(listener);
  return listener;
}

const notify = (channel: string, payload?: string) => notifyIn(store, channel, payload);

/** Whether the database lets anyone in; sessions that are open stay so. Only another database can say it. */
async function allowConnections(allowed: boolean): Promise<void> {
  const url = new URL(store.url);
  const database = escapeIdentifier(url.pathname.slice(1));
  url.pathname = '/postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS ${allowed}`);
  await client.end();
}

test('notifications arrive in their order, each with its payload', async () => {
  const { hear, errors } = setup();
  const { told } = await hear('changes');
  await notify('changes', 'first');
  await notify('changes', 'second');
  await notify('changes');
  await waitUntil(() => told.payloads.length === 3);
  expect(told).toEqual({ payloads: ['first', 'second', ''], reconnects: 0 });
  expect(errors).toEqual([]);
});

test('a channel is heard by its exact name, and by nobody else', async () => {
  const { hear } = setup();
  const { told: quoted } = await hear('Odd "channel"');
  const { told: other } = await hear('other');
  await notify('Odd "channel"', 'odd');
  await notify('odd "channel"', 'lower case');
  await notify('other', 'last');
  await waitUntil(() => other.payloads.length > 0);
  expect([quoted.payloads, other.payloads]).toEqual([['odd'], ['last']]);
});

test('several subscriptions share one session', async () => {
  const { hear, sessions } = setup();
  const heard = [await hear('a'), await hear('a'), await hear('b')];
  await notify('a', 'to both');
  await notify('b', 'to one');
  await waitUntil(() => heard.every(({ told }) => told.payloads.length === 1));
  expect(heard.map(({ told }) => told.payloads)).toEqual([['to both'], ['to both'], ['to one']]);
  expect(await sessions()).toHaveLength(1);
});

test('a closed subscription hears nothing more, the others go on', async () => {
  const { hear } = setup();
  const [closed, open] = [await hear('changes'), await hear('changes')];
  await closed.subscription.close();
  await closed.subscription.close();
  await notify('changes', 'later');
  await waitUntil(() => open.told.payloads.length === 1);
  expect(closed.told.payloads).toEqual([]);
});

test('a session that breaks is opened anew: its subscribers are told, and hear again', async () => {
  const { hear, breakSession, sessions, errors } = setup();
  const [a, b] = [await hear('a'), await hear('b')];
  const before = await sessions();
  await breakSession();
  await waitUntil(() => a.told.reconnects === 1 && b.told.reconnects === 1, { what: 'the reconnect' });
  await notify('a', 'again');
  await notify('b', 'again');
  await waitUntil(() => a.told.payloads.length === 1 && b.told.payloads.length === 1);
  for (const { told } of [a, b]) expect(told).toEqual({ payloads: ['again'], reconnects: 1 });
  expect(await sessions()).toEqual([expect.any(Number)]);
  expect(await sessions()).not.toEqual(before);
  expect(errors).toContain('terminating connection due to administrator command');
});

test('it does so each time', async () => {
  const { hear, breakSession } = setup();
  const { told } = await hear('changes');
  for (const time of [1, 2, 3]) {
    await breakSession();
    await waitUntil(() => told.reconnects === time, { what: `reconnect ${time}` });
    await notify('changes', String(time));
    await waitUntil(() => told.payloads.length === time);
  }
  expect(told).toEqual({ payloads: ['1', '2', '3'], reconnects: 3 });
});

test('while the database lets nobody in it tries on, and says so', async () => {
  const { hear, breakSession, sessions, errors } = setup();
  const { told } = await hear('changes');
  const refusals = () => errors.filter((message) => message.includes('not currently accepting connections'));
  await allowConnections(false);
  try {
    await breakSession();
    await waitUntil(() => refusals().length >= 2, { what: 'two refused attempts' });
    expect(told.reconnects).toBe(0);
  } finally {
    await allowConnections(true);
  }
  await waitUntil(() => told.reconnects === 1, { what: 'the reconnect' });
  expect(await sessions()).toHaveLength(1);
});

test('listening rejects if the first connection fails', async () => {
  const { hear } = setup(`postgres://postgres:postgres@127.0.0.1:${await freePort()}/postgres`);
  await expect(hear('changes')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe('closing', () => {
  test('ends the session, once, and it stays closed', async () => {
    const { listener, hear, sessions, errors } = setup();
    const { told } = await hear('changes');
    await listener.close();
    await listener.close();
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the session to end' });
    expect({ told, errors }).toEqual({ told: { payloads: [], reconnects: 0 }, errors: [] });
  });

  test('is possible before anything listens', async () => {
    const { listener, sessions } = setup();
    await listener.close();
    expect(await sessions()).toEqual([]);
  });

  test('ends the attempts to reconnect', async () => {
    const { listener, hear, breakSession, sessions, errors } = setup();
    const { told } = await hear('changes');
    await allowConnections(false);
    try {
      await breakSession();
      await waitUntil(() => errors.some((message) => message.includes('not currently accepting')));
      await listener.close();
    } finally {
      await allowConnections(true);
    }
    const { told: later } = await setup().hear('changes');
    await notify('changes');
    await waitUntil(() => later.payloads.length === 1);
    expect(told).toEqual({ payloads: [], reconnects: 0 });
    expect(await sessions()).toEqual([]);
  });
});
