import { Pace } from './pace.ts';

const SPACING_MS = 200;

/** Milliseconds until the pace's next turn. */
async function wait(pace: Pace, signal?: AbortSignal): Promise<number> {
  const start = performance.now();
  await pace.turn(signal);
  return performance.now() - start;
}

test('the first turn, and one after a pause, are taken at once; one of a stream waits for its time', async () => {
  const pace = new Pace(SPACING_MS);

  expect(await wait(pace)).toBeLessThan(SPACING_MS / 2);
  expect(await wait(pace)).toBeGreaterThan(SPACING_MS / 2);
  await new Promise((resolve) => setTimeout(resolve, SPACING_MS));
  expect(await wait(pace)).toBeLessThan(SPACING_MS / 2);
});

test('whoever stops does not wait', async () => {
  const pace = new Pace(60_000);
  await pace.turn();
  const stopping = new AbortController();
  const waited = wait(pace, stopping.signal);

  stopping.abort();

  expect(await waited).toBeLessThan(1_000);
});
