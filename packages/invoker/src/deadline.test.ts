import { startDeadline } from './deadline.ts';

const nobody = () => new AbortController().signal;

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

test('a deadline fires when its time is up', async () => {
  const fired = Promise.withResolvers<void>();
  const deadline = startDeadline(10, nobody(), fired.resolve);
  expect(deadline.interruption()).toBeNull();
  await fired.promise;
  expect(deadline.interruption()).toBe('timed_out');
});

test('a deadline fires at once when the caller aborts, once, and remembers what came first', async () => {
  const caller = new AbortController();
  let fired = 0;
  const deadline = startDeadline(1, caller.signal, () => (fired += 1));
  caller.abort();
  expect(fired).toBe(1);
  // A later deadline is over, so the time of the first one is up too.
  await new Promise<void>((resolve) => startDeadline(5, nobody(), resolve));
  expect({ fired, interruption: deadline.interruption() }).toEqual({ fired: 1, interruption: 'aborted' });
  deadline.clear();
});

test('a cleared deadline leaves no timer and no listener behind', () => {
  const caller = new AbortController();
  const before = timers();
  const deadline = startDeadline(900_000, caller.signal, () => undefined);
  expect(timers()).toBe(before + 1);
  deadline.clear();
  expect(timers()).toBe(before);
  caller.abort();
  expect(deadline.interruption()).toBeNull();
});
