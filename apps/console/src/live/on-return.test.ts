import { createLiveState } from './live-state.ts';
import { onReturn } from './on-return.ts';

test('what is missed while the service cannot be reached is caught up with when it answers again', () => {
  const live = createLiveState();
  const network = new EventTarget();
  let returns = 0;
  const end = onReturn(live, network, () => {
    returns += 1;
  });
  network.dispatchEvent(new Event('offline'));
  expect(live.connection()).toBe('offline');
  live.setStream('live');
  expect(returns).toBe(0);
  live.setReachable(true);
  live.setStream('reconnecting');
  expect(returns).toBe(1);
  end();
  live.setReachable(false);
  live.setReachable(true);
  expect(returns).toBe(1);
});
