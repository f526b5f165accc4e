import { once } from 'node:events';
import { startDeadline } from './deadline.ts';

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

test('a deadline fires when its time is up', async () => {
  const deadline = startDeadline(10, new AbortController().signal);
  expect(deadline.interruption()).toBeNull();
  await once(deadline.signal, 'abort');
  expect(deadline.interruption()).toBe('timed_out');
});

test('a deadline fires at once when the caller aborts, and remembers what came first', async () => {
  const caller = new AbortController();
  const deadline = startDeadline(1, caller.signal);
  caller.abort();
  expect(deadline.signal.aborted).toBe(true);
  // A later deadline is over, so the time of the first one is up too.
  await once(startDeadline(5, new AbortController().signal).signal, 'abort');
  expect(deadline.interruption()).toBe('aborted');
  deadline.clear();
});

test('a cleared deadline leaves no timer and no listener behind', () => {
  const caller = new AbortController();
  const before = timers();
  const deadline = startDeadline(900_000, caller.signal);
  expect(timers()).toBe(before + 1);
  deadline.clear();
  expect(timers()).toBe(before);
  caller.abort();
  expect(deadline.interruption()).toBeNull();
});
