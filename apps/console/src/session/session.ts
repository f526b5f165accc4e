/** `interrupted`: the key is not taken any more, and whoever has another one of the account can go on. */
export type SessionState = 'signed in' | 'interrupted' | 'signed out';

/** Who is signed in, in this tab. */
export interface Session {
  /** The API key; null if nobody is signed in. */
  key: () => string | null;
  state: () => SessionState;
  /** Why the session was interrupted; null if it is not. */
  interruptedBecause: () => string | null;
  signIn: (key: string) => void;
  /** @param because what to tell whoever was signed in */
  interrupt: (because: string) => void;
  signOut: () => void;
  subscribe: (listener: () => void) => () => void;
}

const NAME = 'automation-console-key';

/** A session whose key outlives a reload of the tab, and not the tab. It is never part of an address. */
export function createSession(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Session {
  const listeners = new Set<() => void>();
  let because: string | null = null;
  const key = () => storage.getItem(NAME);
  const tell = () => listeners.forEach((listener) => listener());
  const end = (reason: string | null) => {
    because = reason;
    storage.removeItem(NAME);
    tell();
  };
  return {
    key,
    state: () => {
      if (key() !== null) return 'signed in';
      return because === null ? 'signed out' : 'interrupted';
    },
    interruptedBecause: () => because,
    signIn: (newKey) => {
      because = null;
      storage.setItem(NAME, newKey);
      tell();
    },
    interrupt: (reason) => end(reason),
    signOut: () => end(null),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
