/** How the tab learns of changes. */
export interface LiveState {
  /** Whether the stream of events is open. */
  isOpen: () => boolean;
  setOpen: (isOpen: boolean) => void;
  /** Whether the account's executions are events, too. */
  setExecutionEvents: (areOn: boolean) => void;
  /** How long to wait between two reads of the same. */
  pollMs: () => number;
  subscribe: (listener: () => void) => () => void;
}

const POLL_MS = 5_000;
/** With all changes told by events, reading is for what got lost. */
const SELDOM_MS = 30_000;

export function createLiveState(): LiveState {
  const listeners = new Set<() => void>();
  let open = false;
  let withExecutions = false;
  const tell = () => listeners.forEach((listener) => listener());
  return {
    isOpen: () => open,
    setOpen: (isOpen) => {
      open = isOpen;
      tell();
    },
    setExecutionEvents: (areOn) => {
      withExecutions = areOn;
      tell();
    },
    pollMs: () => (open && withExecutions ? SELDOM_MS : POLL_MS),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
