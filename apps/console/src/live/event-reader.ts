import { EventSourceParserStream } from 'eventsource-parser/stream';

import type { Api } from '../api/api.ts';
import { type ServiceEvent, toServiceEvent } from './service-event.ts';

export interface EventReaderOptions {
  api: Pick<Api, 'stream'>;
  onEvent: (event: ServiceEvent) => void;
  /** Called with true when the stream is open, with false when it has ended. */
  onOpen: (isOpen: boolean) => void;
}

const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 60_000;

/** Reads the stream of events for as long as the tab is signed in, and goes on after the last one that it got. */
export class EventReader {
  readonly #options: EventReaderOptions;
  readonly #abort = new AbortController();
  #lastEventId = '';
  #delayMs = FIRST_DELAY_MS;

  constructor(options: EventReaderOptions) {
    this.#options = options;
  }

  /** Resolves after `stop`. EventSource would do all of this, but can't send a key. */
  async run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        await this.#read(signal);
      } catch {
        // Polling goes on meanwhile, and says what is wrong if it fails as well.
        this.#delayMs = Math.min(2 * this.#delayMs, LONGEST_DELAY_MS);
      }
      if (signal.aborted) return;
      this.#options.onOpen(false);
      await delay(this.#delayMs, signal);
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { api, onEvent, onOpen } = this.#options;
    const headers: Record<string, string> =
      this.#lastEventId === '' ? {} : { 'Last-Event-ID': this.#lastEventId };
    const stream = await api.stream('/automation/events', headers, signal);
    onOpen(true);
    this.#delayMs = FIRST_DELAY_MS;
    const messages = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id, data } of messages) {
      if (id !== undefined) this.#lastEventId = id;
      const event = toServiceEvent(data);
      if (event !== null) onEvent(event);
    }
  }
}

/** Waits, or until the signal is aborted. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
