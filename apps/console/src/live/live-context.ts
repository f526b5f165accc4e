import { createContext, useContext, useSyncExternalStore } from 'react';

import type { Connection, LiveState } from './live-state.ts';

export const LiveContext = createContext<LiveState | null>(null);

/** How the tab learns of changes. */
export function useLiveState(): LiveState {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLiveState outside of LiveContext');
  return live;
}

/** How the tab learns of changes just now; renders again when that changes. */
export function useConnection(): Connection {
  const { subscribe, connection } = useLiveState();
  return useSyncExternalStore(subscribe, connection);
}
