/** Who is signed in, in this tab. */
export interface Session {
  /** The API key; null if nobody is. */
  key: () => string | null;
  /** Why the last session ended, if it was not by signing out. */
  endedBecause: () => string | null;
  signIn: (key: string) => void;
  /** @param because what to tell whoever was signed in */
  signOut: (because?: string) => void;
  subscribe: (listener: () => void) => () => void;
}

const NAME = 'automation-console-key';

/** A session whose key outlives a reload of the tab, and not the tab. It is never part of an address. */
export function createSession(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Session {
  const listeners = new Set<() => void>();
  let because: string | null = null;
  const tell = () => listeners.forEach((listener) => listener());
  return {
    key: () => storage.getItem(NAME),
    endedBecause: () => because,
    signIn: (key) => {
      because = null;
      storage.setItem(NAME, key);
      tell();
    },
    signOut: (reason) => {
      because = reason ?? null;
      storage.removeItem(NAME);
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
