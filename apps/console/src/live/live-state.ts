/**
 * How the tab learns of changes: `live` by the stream of events, `polling` by reading every few seconds as the stream can't be
 * had, `reconnecting` by reading as well until the stream is back, `offline` not at all: the service can't be reached.
 */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'offline';

/** What the stream of events does. */
export type StreamState = Exclude<Connection, 'offline'>;

export interface LiveState {
  connection: () => Connection;
  setStream: (state: StreamState) => void;
  /** Whether the service answers at all. */
  setReachable: (isReachable: boolean) => void;
  /** Whether the account's executions are events, too. */
  setExecutionEvents: (areOn: boolean) => void;
  /** How long to wait between two reads of the same. */
  pollMs: () => number;
  subscribe: (listener: () => void) => () => void;
}

interface State {
  stream: StreamState;
  isReachable: boolean;
  withExecutions: boolean;
}

const POLL_MS = 5_000;
/** With all changes told by events, reading is for what got lost. */
const SELDOM_MS = 30_000;

export function createLiveState(): LiveState {
  const listeners = new Set<() => void>();
  const state: State = { stream: 'connecting', isReachable: true, withExecutions: false };
  const connection = () => (state.isReachable ? state.stream : 'offline');
  const change = (changed: Partial<State>) => {
    const before = connection();
    Object.assign(state, changed);
    if (connection() !== before) listeners.forEach((listener) => listener());
  };
  return {
    connection,
    setStream: (stream) => change({ stream }),
    setReachable: (isReachable) => change({ isReachable }),
    setExecutionEvents: (withExecutions) => change({ withExecutions }),
    pollMs: () => (connection() === 'live' && state.withExecutions ? SELDOM_MS : POLL_MS),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
