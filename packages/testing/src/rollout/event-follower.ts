import { setTimeout as delay } from 'node:timers/promises';

const WAIT_MS = 100;

/** Follows the events as a client does that has to miss none: when its stream ends, it goes on after the last one that it got. */
export class EventFollower {
  /** The job of each event, in the order in which they came. */
  readonly jobs: string[] = [];
  /** Streams that it has had. */
  streams = 0;
  readonly #url: string;
  readonly #key: string;
  #lastId = '0';

  /** @param types of the events, as the api takes them */
  constructor(api: { url: string; key: string }, types: string) {
    this.#url = `${api.url}/automation/events?types=${types}`;
    this.#key = api.key;
  }

  /** Resolves when it is told to end, or finds that this api has no events. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const hasEvents = await this.#readStream(signal).catch(() => true);
      if (!hasEvents) return;
      await delay(WAIT_MS);
    }
  }

  /** Until it ends; throws if it breaks off. */
  async #readStream(signal: AbortSignal): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.#key}`, 'last-event-id': this.#lastId };
    const response = await fetch(this.#url, { headers, signal });
    if (response.status !== 200 || response.body === null) return response.status !== 404;
    this.streams += 1;
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const messages = (rest + text).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#note(message);
    }
    return true;
  }

  #note(message: string): void {
    const [, data] = /^data: (.*)$/m.exec(message) ?? [];
    this.#lastId = /^id: (.*)$/m.exec(message)?.[1] ?? this.#lastId;
    if (data === undefined) return;
    const event: unknown = JSON.parse(data);
    this.jobs.push(String(Reflect.get(Object(event), 'job_id')));
  }
}
