export interface Startable {
  start(): void;
  stop(): void;
}

/** Of the document, what tells whether the tab is seen. */
export type Visibility = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/** A look at another tab is shorter. */
const GRACE_MS = 15_000;

/**
 * Runs something while the tab is seen. A browser has six connections to a server over HTTP/1.1, for all tabs together: streams
 * of hidden tabs would leave none to the one that is looked at.
 * @returns what ends it
 */
export function whileVisible(what: Startable, visibility: Visibility): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = () => {
    clearTimeout(timer);
    if (visibility.visibilityState === 'visible') what.start();
    else timer = setTimeout(() => what.stop(), GRACE_MS);
  };
  visibility.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    visibility.removeEventListener('visibilitychange', follow);
    clearTimeout(timer);
    what.stop();
  };
}
