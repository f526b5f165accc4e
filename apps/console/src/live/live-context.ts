import { createContext, useContext, useSyncExternalStore } from 'react';

import type { LiveState } from './live-state.ts';

export const LiveContext = createContext<LiveState | null>(null);

/** How the tab learns of changes. */
export function useLiveState(): LiveState {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLiveState outside of LiveContext');
  return live;
}

/** Whether changes are told as they happen; renders again when that changes. */
export function useIsLive(): boolean {
  const { subscribe, isOpen } = useLiveState();
  return useSyncExternalStore(subscribe, isOpen);
}
