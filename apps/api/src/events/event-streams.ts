import type { ServerResponse } from 'node:http';

import { AppError, type PublishedEvent } from '@automation/domain';
import type { Logger, OutageWatch } from '@automation/service-kit';
import { type Database, events } from '@automation/store';

import { type EventReader, EventStream } from './event-stream.ts';

export interface EventStreamsContext {
  db: Database;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
}

const MOST_OF_AN_ACCOUNT = 10;
const MOST_IN_ALL = 1_000;
const KEEP_ALIVE_MS = 15_000;
/** With the time for which a key is known, a revoked one loses its streams within 5 s (SPEC 5). */
const AUTHORIZE_MS = 2_500;
/** A notification may get lost: this is how late an event may be then. */
const POLL_MS = 5_000;
const PAGE = 500;

/**
 * The streams of events that clients have open. Events are read once for all of them as they are published; a stream that
 * begins further back reads its own first, until it has caught up.
 */
export class EventStreams {
  readonly #context: EventStreamsContext;
  /** By account. */
  readonly #streams = new Map<string, Set<EventStream>>();
  /** Those that have all events up to `#tail`, and get the next ones as they come. */
  readonly #live = new Set<EventStream>();
  #tail = 0;
  #count = 0;
  #timers: NodeJS.Timeout[] = [];
  #reading: Promise<void> | null = null;
  #isBehind = false;
  #isClosed = false;

  constructor(context: EventStreamsContext) {
    this.#context = context;
  }

  /** How many are open. */
  get count(): number {
    return this.#count;
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS),
      setInterval(() => void this.#authorize(), AUTHORIZE_MS),
      setInterval(() => this.wake(), POLL_MS),
    ];
  }

  /**
   * Opens a stream of the events after a position.
   * @param newest the position of the latest event
   * @throws AppError RATE_LIMITED or UNAVAILABLE if there are too many of them
   */
  open(
    response: ServerResponse,
    reader: EventReader,
    { after, newest }: { after: number; newest: number },
  ): void {
    this.#requireRoom(reader.accountId);
    // With nobody there, nobody has seen to it that the tail moves on.
    if (this.#live.size === 0) this.#tail = Math.max(this.#tail, newest);
    const stream = new EventStream(response, reader, after);
    stream.open();
    // To a HEAD request this was the answer.
    if (response.req.method === 'HEAD') stream.end();
    else if (stream.isOpen) this.#add(stream, response);
  }

  /** Sends what has been published meanwhile. */
  wake(): void {
    this.#isBehind = true;
    if (this.#live.size > 0) this.#reading ??= this.#readOn();
  }

  /** Ends all streams; their clients find another replica. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const stream of this.#all()) stream.end();
    await this.#reading;
  }

  #requireRoom(accountId: string): void {
    if (this.#isClosed) throw new AppError('UNAVAILABLE', 'the service is stopping, try again');
    if ((this.#streams.get(accountId)?.size ?? 0) >= MOST_OF_AN_ACCOUNT) {
      throw new AppError('RATE_LIMITED', `the account has ${MOST_OF_AN_ACCOUNT} event streams open already`);
    }
    if (this.#count >= MOST_IN_ALL) {
      throw new AppError('UNAVAILABLE', `${MOST_IN_ALL} event streams are open already, try again later`);
    }
  }

  #add(stream: EventStream, response: ServerResponse): void {
    const { accountId } = stream.reader;
    const siblings = this.#streams.get(accountId) ?? new Set();
    this.#streams.set(accountId, siblings.add(stream));
    this.#count += 1;
    response.once('close', () => {
      this.#count -= 1;
      this.#live.delete(stream);
      siblings.delete(stream);
      if (siblings.size === 0) this.#streams.delete(accountId);
    });
    void this.#catchUp(stream);
  }

  /** Reads a stream's own events until it is where all others are. */
  async #catchUp(stream: EventStream): Promise<void> {
    const { accountId, types } = stream.reader;
    try {
      while (stream.isOpen && stream.position < this.#tail) {
        const upTo = this.#tail;
        const span = { accountId, types, after: stream.position, upTo, limit: PAGE };
        const page = await events.list(this.#context.db, span);
        if (page.oldest !== null && page.oldest > stream.position + 1) stream.sendGap(page.oldest - 1);
        for (const event of page.events) stream.send(event);
        if (page.events.length < PAGE) stream.skipTo(upTo);
        await stream.drained();
      }
      if (!stream.isOpen) return;
      this.#live.add(stream);
      this.wake();
    } catch (error) {
      this.#complain('cannot read events for a stream, ending it', error);
      stream.end();
    }
  }

  async #readOn(): Promise<void> {
    try {
      while (this.#isBehind && this.#live.size > 0) {
        this.#isBehind = false;
        const published = await events.listAll(this.#context.db, this.#tail, PAGE);
        if (published.length === PAGE) this.#isBehind = true;
        this.#pass(published);
      }
    } catch (error) {
      this.#complain('cannot read events, trying again', error);
    } finally {
      this.#reading = null;
    }
  }

  #pass(published: readonly PublishedEvent[]): void {
    for (const event of published) {
      for (const stream of this.#streams.get(event.accountId) ?? []) {
        if (this.#live.has(stream)) stream.send(event);
      }
    }
    this.#tail = Math.max(this.#tail, published.at(-1)?.position ?? 0);
    for (const stream of this.#live) stream.skipTo(this.#tail);
  }

  #keepAlive(): void {
    for (const stream of this.#all()) stream.keepAlive();
  }

  /** A stream ends with the credential that it was opened with. */
  async #authorize(): Promise<void> {
    await Promise.all(
      this.#all().map(async (stream) => {
        try {
          await stream.reader.authorize();
        } catch (error) {
          // Whatever else goes wrong says nothing of the credential.
          if (error instanceof AppError && (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN'))
            stream.end();
        }
      }),
    );
  }

  #complain(message: string, error: unknown): void {
    const { logger, outage } = this.#context;
    if (!outage.noticed(error)) logger.warn(message, { error });
  }

  #all(): EventStream[] {
    return [...this.#streams.values()].flatMap((streams) => [...streams]);
  }
}
