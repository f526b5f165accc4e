import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import { Pace } from './pace.ts';

const SPACING_MS = 200;
/** Timers may fire a millisecond early. */
const TIMER_MS = 2;

/** Whether a turn is taken before anything else happens in the process. */
const isAtOnce = (turn: Promise<void>) => Promise.race([turn.then(() => true), nextTurn(false)]);

test('the first turn, and one after a pause, are taken at once; one of a stream waits for its time', async () => {
  const pace = new Pace(SPACING_MS);
  const startedAt = performance.now();

  expect(await isAtOnce(pace.turn())).toBe(true);
  const second = pace.turn();
  expect(await isAtOnce(second)).toBe(false);
  await second;
  expect(performance.now() - startedAt).toBeGreaterThan(SPACING_MS - TIMER_MS);
  await delay(SPACING_MS + TIMER_MS);
  expect(await isAtOnce(pace.turn())).toBe(true);
});

test('whoever stops does not wait', async () => {
  // Longer than a test may take.
  const pace = new Pace(3_600_000);
  await pace.turn();
  const stopping = new AbortController();
  const waiting = pace.turn(stopping.signal);

  stopping.abort();

  await expect(waiting).resolves.toBeUndefined();
});
