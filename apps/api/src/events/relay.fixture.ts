import { setTimeout as delay } from 'node:timers/promises';

import { publishEvents, type Store } from '@automation/store';

/** Publishes events as the scheduler does, until it is stopped. */
export function startRelay({ db }: Store): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      await publishEvents(db, { perSecond: 1_000_000, burst: 100 });
      await delay(5);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
