import diagnostics from 'node:diagnostics_channel';
import type { LookupFunction } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unusedPort } from './function-server.fixture.ts';
import { failingWith, invocationOf, resolvingTo, setup } from './invocation.fixture.ts';
import { createInvoker } from './invoker.ts';
import { sending, setupRaw } from './raw-function.fixture.ts';

const PAUSE_MS = 60;
/** Timers may fire a millisecond early, and times are rounded. */
const LEAST_MS = PAUSE_MS - 2;

const NOTHING = { connectMs: null, waitMs: null, bodyMs: null };
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';

const atLeast = (ms: number) => ({
  asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= ms,
});

/** Calls as soon as the headers of an answer have come, which are read right after that. */
function onHeaders(listener: () => void): void {
  const once = () => {
    diagnostics.unsubscribe('undici:request:headers', once);
    listener();
  };
  diagnostics.subscribe('undici:request:headers', once);
}

/** A DNS that takes its time. */
const slowly =
  (lookup: LookupFunction, pauseMs = PAUSE_MS): LookupFunction =>
  (...query) => {
    setTimeout(() => lookup(...query), pauseMs);
  };

test('the parts of an attempt are measured: until its request is sent, until headers come, until the body ends', async () => {
  const function_ = await setupRaw((socket) =>
    socket.once('data', () => {
      onHeaders(() => setTimeout(() => socket.write('{}'), PAUSE_MS));
      setTimeout(() => socket.write(HEAD), PAUSE_MS);
    }),
  );
  const { result, times } = await function_.invokeTimed();
  expect(result.kind).toBe('succeeded');
  expect(times).toEqual({
    connectMs: atLeast(0),
    waitMs: atLeast(LEAST_MS),
    bodyMs: atLeast(LEAST_MS),
  });
});

test('looking up the host is part of connecting; a request on a connection that is there connects to nothing', async () => {
  // Longer than a busy machine needs for the second request.
  const lookup = slowly(resolvingTo('127.0.0.1'), 10 * PAUSE_MS);
  const function_ = await setup((response) => response.end(), { lookup });
  const url = `http://host.example:${function_.server.port}/`;
  const first = await function_.invokeTimed({ url });
  expect(first.times).toEqual({ connectMs: atLeast(LEAST_MS), waitMs: atLeast(0), bodyMs: atLeast(0) });
  // undici gives a connection back one turn of the event loop after its answer.
  await nextTurn();
  const second = await function_.invokeTimed({ url });
  expect(second.times.connectMs).toBeLessThan(first.times.connectMs ?? 0);
});

test('so is waiting for a connection of the pool', async () => {
  const function_ = await setup((response) => setTimeout(() => response.end(), PAUSE_MS), {
    connectionsPerOrigin: 1,
  });
  const [, second] = await Promise.all([function_.invokeTimed(), function_.invokeTimed()]);
  expect(second.times).toMatchObject({ connectMs: atLeast(LEAST_MS), waitMs: atLeast(LEAST_MS) });
});

describe('the part that an attempt ends in lasts until then, and those after it are none:', () => {
  test('the time is up while it connects', async () => {
    const released = Promise.withResolvers<() => void>();
    const function_ = await setup(() => undefined, {
      lookup: (...[, , callback]) => released.resolve(() => callback(new Error('released'), [])),
    });
    const url = `http://slow.example:${function_.server.port}/`;
    const { result, times } = await function_.invokeTimed({ url, timeoutMs: PAUSE_MS });
    expect(result.kind).toBe('timed_out');
    expect(times).toEqual({ ...NOTHING, connectMs: atLeast(LEAST_MS) });
    (await released.promise)();
  });

  test('the caller aborts while it waits for an answer', async () => {
    const caller = new AbortController();
    const function_ = await setupRaw((socket) => socket.once('data', () => caller.abort()));
    const { times } = await function_.invokeTimed({}, caller.signal);
    expect(times).toEqual({ connectMs: atLeast(0), waitMs: atLeast(0), bodyMs: null });
  });

  test('the caller aborts while it reads the body', async () => {
    const caller = new AbortController();
    onHeaders(() => setImmediate(() => caller.abort()));
    const function_ = await setupRaw(sending(HEAD));
    const { result, times } = await function_.invokeTimed({}, caller.signal);
    expect(result.kind).toBe('aborted');
    expect(times).toEqual({ connectMs: atLeast(0), waitMs: atLeast(0), bodyMs: atLeast(0) });
  });

  test('the connection is refused', async () => {
    const function_ = await setup(() => undefined);
    const url = `http://127.0.0.1:${await unusedPort()}/`;
    expect((await function_.invokeTimed({ url })).times).toEqual({ ...NOTHING, connectMs: atLeast(0) });
  });

  test('the host is not found', async () => {
    const function_ = await setup(() => undefined, { lookup: slowly(failingWith('ENOTFOUND')) });
    const { times } = await function_.invokeTimed({ url: 'http://nowhere.example/' });
    expect(times).toEqual({ ...NOTHING, connectMs: atLeast(LEAST_MS) });
  });

  test('the connection is closed without an answer', async () => {
    const function_ = await setupRaw((socket) => socket.once('data', () => socket.destroy()));
    expect((await function_.invokeTimed()).times).toMatchObject({ waitMs: atLeast(0), bodyMs: null });
  });
});

test('an attempt that makes no request has no times', async () => {
  const invoker = createInvoker({ egress: { network: 'private' } });
  const { signal } = new AbortController();
  expect((await invoker.invoke(invocationOf('ftp://example.com/'), signal)).times).toEqual(NOTHING);
  expect((await invoker.invoke(invocationOf('http://127.0.0.1/'), AbortSignal.abort())).times).toEqual(
    NOTHING,
  );
  await invoker.close();
});
