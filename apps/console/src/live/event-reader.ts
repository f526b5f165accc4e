import { EventSourceParserStream } from 'eventsource-parser/stream';

import type { Api } from '../api/api.ts';
import { retryAfterOf } from '../api/api-error.ts';
import type { StreamState } from './live-state.ts';
import { type ServiceEvent, toServiceEvent } from './service-event.ts';

export interface EventReaderOptions {
  api: Pick<Api, 'stream'>;
  onEvent: (event: ServiceEvent) => void;
  onState: (state: StreamState) => void;
}

const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 60_000;
/** From so many failures in a row on it is told that there is no stream. */
const MANY_FAILURES = 3;

/** Reads the stream of events, and goes on after the last one that it got. EventSource would do so, but can't send a key. */
export class EventReader {
  readonly #options: EventReaderOptions;
  #abort: AbortController | null = null;
  #lastEventId = '';
  #failures = 0;

  constructor(options: EventReaderOptions) {
    this.#options = options;
  }

  /** Reads until `stop`. */
  start(): void {
    if (this.#abort !== null) return;
    this.#abort = new AbortController();
    this.#failures = 0;
    void this.#run(this.#abort.signal);
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const error = await this.#read(signal);
      if (signal.aborted) return;
      this.#options.onState(this.#failures < MANY_FAILURES ? 'reconnecting' : 'polling');
      const delayMs = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS);
      await delay(Math.max(delayMs, retryAfterOf(error)), signal);
    }
  }

  /** Reads until the stream ends, and answers why if it was by an error. Polling goes on then, and says what is wrong if it fails as well. */
  async #read(signal: AbortSignal): Promise<unknown> {
    try {
      for await (const event of this.#events(signal)) this.#options.onEvent(event);
      return null;
    } catch (error) {
      this.#failures += 1;
      return error;
    }
  }

  async *#events(signal: AbortSignal): AsyncGenerator<ServiceEvent> {
    const headers: Record<string, string> =
      this.#lastEventId === '' ? {} : { 'Last-Event-ID': this.#lastEventId };
    const stream = await this.#options.api.stream('/automation/events', headers, signal);
    this.#options.onState('live');
    this.#failures = 0;
    const messages = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id, data } of messages) {
      if (id !== undefined) this.#lastEventId = id;
      const event = toServiceEvent(data);
      if (event !== null) yield event;
    }
  }
}

/** Waits, or until the signal is aborted. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
