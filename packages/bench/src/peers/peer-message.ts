/** What a peer's process is told to do; it answers each with `done`. */
export type PeerCommand =
  /** Enqueues runs that are due at an instant (epoch ms), to be worked off later. */
  | { kind: 'fill'; runs: number; dueAt: number }
  /** Begins to work off what is enqueued and what will be; told again, it just goes on. */
  | { kind: 'work' }
  /** Enqueues one run after the other, each due at once. */
  | { kind: 'trickle'; perSecond: number; seconds: number };

export type PeerAnswer = { kind: 'ready' } | { kind: 'done' } | { kind: 'failed'; error: string };
