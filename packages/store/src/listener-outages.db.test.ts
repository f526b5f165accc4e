import { setImmediate as nextTurn } from 'node:timers/promises';

import { type DatabaseLink, linkTo, waitUntil } from '@automation/testing';
import { Client } from 'pg';

import { isUnreachable } from './is-unreachable.ts';
import { createTestListener, notifyIn, type TestListener } from './listener.fixture.ts';
import { openTestStore, type TestStore } from './test-store.fixture.ts';

let store: TestStore;
let link: DatabaseLink;
let opened: TestListener[] = [];

beforeAll(async () => {
  store = await openTestStore();
});

beforeEach(async () => {
  link = await linkTo(store.url);
});

afterEach(async () => {
  for (const { listener } of opened) await listener.close();
  opened = [];
  await link.close();
});

afterAll(() => store.dispose());

/** A listener that reaches the server by way of the link. */
function setup(connectionTimeoutMillis = 10_000): TestListener {
  const listener = createTestListener(store, { connectionString: link.url, connectionTimeoutMillis });
  opened.push(listener);
  return listener;
}

const notify = (payload: string) => notifyIn(store, 'changes', payload);

/** Connections that broke; the server's announcement that it breaks one is another error. */
const breaks = ({ errors }: TestListener) =>
  errors.filter((message) => message === 'Connection terminated unexpectedly').length;

/** Hears a notification, and what was told up to it. */
async function heardUpToNow(told: { payloads: string[] }): Promise<void> {
  await notify('up to now');
  await waitUntil(() => told.payloads.includes('up to now'), { what: 'the notification' });
}

describe('a session that broke is opened anew', () => {
  test('once each time, however soon it breaks again', async () => {
    const { hear, breakSession, sessions } = setup();
    const { told } = await hear('changes');
    await breakSession();
    await waitUntil(() => told.reconnects === 1);
    await breakSession();
    await waitUntil(() => told.reconnects === 2);
    await heardUpToNow(told);
    expect(told).toEqual({ payloads: ['up to now'], reconnects: 2 });
    expect(await sessions()).toHaveLength(1);
    expect(link.accepted()).toBe(3);
  });

  test('and once more if it breaks while it is being opened: subscribers are told of the one that holds', async () => {
    const listener = setup();
    const { hear, breakSession, sessions } = listener;
    const { told } = await hear('changes');
    link.next('cut', 'cut');
    await breakSession();
    await waitUntil(() => told.reconnects > 0, { what: 'the reconnect' });
    await heardUpToNow(told);
    expect(told).toEqual({ payloads: ['up to now'], reconnects: 1 });
    expect(await sessions()).toHaveLength(1);
    expect(link.accepted()).toBe(4);
    expect(breaks(listener)).toBe(3);
  });

  test('if the server takes the connection and says nothing, after the time-out of connecting', async () => {
    const { hear, breakSession, sessions, errors } = setup(500);
    const { told } = await hear('changes');
    link.next('hold');
    await breakSession();
    await waitUntil(() => told.reconnects === 1, { what: 'the reconnect' });
    await heardUpToNow(told);
    expect(errors).toContain('timeout expired');
    expect(told.reconnects).toBe(1);
    expect(await sessions()).toHaveLength(1);
  });

  test('if it is half-open: it delivers nothing, and nobody says that it is gone', async () => {
    const { hear, errors } = setup();
    const { told } = await hear('changes');
    link.freeze();
    await notify('missed');
    await waitUntil(() => told.reconnects === 1, { what: 'the reconnect' });
    await heardUpToNow(told);
    expect(told).toEqual({ payloads: ['up to now'], reconnects: 1 });
    expect(link.accepted()).toBe(2);
    expect(errors).toContain('Query read timeout');
  });
});

describe('listening', () => {
  test('for the first time fails if the server does, and can be tried again', async () => {
    const { hear, sessions } = setup();
    link.next('cut');
    await expect(hear('changes')).rejects.toThrow('Connection terminated unexpectedly');
    const { told } = await hear('changes');
    await heardUpToNow(told);
    expect(told).toEqual({ payloads: ['up to now'], reconnects: 0 });
    expect(await sessions()).toHaveLength(1);
  });

  test('to several channels over a first connection that fails: all fail, and can be tried again', async () => {
    const { hear, sessions } = setup();
    link.next('cut');
    const failed = await Promise.allSettled([hear('changes'), hear('other')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(link.accepted()).toBe(1);
    const [changes, other] = await Promise.all([hear('changes'), hear('other')]);
    await heardUpToNow(changes.told);
    await notifyIn(store, 'other');
    await waitUntil(() => other.told.payloads.length === 1);
    expect(await sessions()).toHaveLength(1);
  });

  test('during an outage fails, and leaves the reconnect alone', async () => {
    const listener = setup();
    const { hear, sessions, errors } = listener;
    const { told } = await hear('changes');
    link.cut();
    await waitUntil(() => errors.length >= 2, { what: 'an attempt that fails' });
    expect(isUnreachable(await hear('other').catch((error: unknown) => error))).toBe(true);
    link.mend();
    await waitUntil(() => told.reconnects === 1, { what: 'the reconnect' });
    await heardUpToNow(told);
    expect(told.payloads).toEqual(['up to now']);
    expect(await sessions()).toHaveLength(1);
    await listener.listener.close();
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the session to end' });
  });

  test('is possible again after an outage', async () => {
    const { hear, breakSession, sessions } = setup();
    const { told } = await hear('changes');
    await breakSession();
    await waitUntil(() => told.reconnects === 1);
    const { told: other } = await hear('other');
    await notifyIn(store, 'other', 'heard');
    await waitUntil(() => other.payloads.length === 1);
    expect(other).toEqual({ payloads: ['heard'], reconnects: 0 });
    expect(await sessions()).toHaveLength(1);
  });

  test('is over once the listener is closed', async () => {
    const { listener, hear, sessions } = setup();
    await hear('changes');
    await listener.close();
    await expect(hear('changes')).rejects.toMatchObject({ name: 'AbortError' });
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the sessions to end' });
  });
});

describe('closing', () => {
  test('while a heartbeat is not answered yet: nobody is told that it was cut off', async () => {
    const { listener, hear, errors } = setup();
    await hear('changes');
    const query = import.meta.jest.spyOn(Client.prototype, 'query');
    link.freeze();
    await waitUntil(() => query.mock.calls.some(([text]) => text === 'SELECT 1'), {
      what: 'a heartbeat',
    });
    query.mockRestore();
    await listener.close();
    // The statement that was cut off fails a moment later.
    await nextTurn();
    expect(errors).toEqual([]);
  });

  test('while the first connection is being opened: who listens fails, and no session is left', async () => {
    const { listener, hear, sessions, errors } = setup();
    link.next('hold');
    const listening = hear('changes').catch((error: unknown) => error);
    await waitUntil(() => link.accepted() === 1);
    const closed = listener.close();
    link.release();
    await closed;
    expect(await listening).toMatchObject({ name: 'AbortError' });
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the session to end' });
    expect(errors).toEqual([]);
  });

  test('while the session is being opened anew: nobody is told, and no session is left', async () => {
    const { listener, hear, breakSession, sessions } = setup();
    const { told } = await hear('changes');
    link.next('hold');
    await breakSession();
    await waitUntil(() => link.accepted() === 2);
    const closed = listener.close();
    link.release();
    await closed;
    await waitUntil(async () => (await sessions()).length === 0, { what: 'the session to end' });
    expect(told).toEqual({ payloads: [], reconnects: 0 });
    expect(link.accepted()).toBe(2);
  });

  test('while the server says nothing: when the time-out of connecting is over', async () => {
    const { listener, hear } = setup(200);
    link.next('hold');
    const listening = hear('changes').catch((error: unknown) => error);
    await waitUntil(() => link.accepted() === 1);
    await listener.close();
    expect(await listening).toMatchObject({ message: 'timeout expired' });
  });
});
