import type { LiveState } from './live-state.ts';

/**
 * Calls `back` whenever the service answers again after it could not be reached. That the browser has lost its network is told by
 * itself, before a request fails.
 * @returns what ends it
 */
export function onReturn(
  live: Pick<LiveState, 'connection' | 'setReachable' | 'subscribe'>,
  network: EventTarget,
  back: () => void,
): () => void {
  let wasOffline = live.connection() === 'offline';
  const leave = live.subscribe(() => {
    const isOffline = live.connection() === 'offline';
    if (wasOffline && !isOffline) back();
    wasOffline = isOffline;
  });
  const lose = () => live.setReachable(false);
  network.addEventListener('offline', lose);
  return () => {
    leave();
    network.removeEventListener('offline', lose);
  };
}
