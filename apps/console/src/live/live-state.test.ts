import { createLiveState } from './live-state.ts';

test('it is live while the stream is open, and offline while nothing is answered, whatever the stream was', () => {
  const live = createLiveState();
  const told: string[] = [];
  live.subscribe(() => told.push(live.connection()));
  live.setStream('live');
  live.setReachable(true);
  live.setReachable(false);
  live.setStream('reconnecting');
  live.setReachable(true);
  expect(told).toEqual(['live', 'offline', 'reconnecting']);
});

test('reading is seldom only while events tell of executions as well', () => {
  const live = createLiveState();
  live.setStream('live');
  expect(live.pollMs()).toBe(5_000);
  live.setExecutionEvents(true);
  expect(live.pollMs()).toBe(30_000);
  live.setStream('reconnecting');
  expect(live.pollMs()).toBe(5_000);
});
