import type { ServerResponse } from 'node:http';

import { eventJson, type EventType, gapJson, type PublishedEvent } from '@automation/domain';

import { messageFrame, openingFrame, positionFrame } from './event-frame.ts';

/** Who reads which events. */
export interface EventReader {
  accountId: string;
  types: readonly EventType[];
  /** Throws once the reader's credential is no longer valid. */
  authorize: () => Promise<unknown>;
}

export interface StreamLimits {
  /** What a client may leave unread before it is cut off; it goes on after the last event that it got. */
  bufferedBytes: number;
  /** How long a client that is catching up may read nothing. */
  stalledMs: number;
}

const LIMITS: StreamLimits = { bufferedBytes: 256 * 1_024, stalledMs: 30_000 };
/** For the last of a stream to arrive. */
const ENDING_MS = 1_000;

/** One client's stream of server-sent events: each in its order, and none twice. */
export class EventStream {
  readonly reader: EventReader;
  readonly #response: ServerResponse;
  readonly #limits: StreamLimits;
  #position: number;

  /** @param position the last one that the client has seen */
  constructor(response: ServerResponse, reader: EventReader, position: number, limits = LIMITS) {
    this.reader = reader;
    this.#response = response;
    this.#position = position;
    this.#limits = limits;
  }

  get position(): number {
    return this.#position;
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  open(): void {
    this.#response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // nginx would collect a stream until its buffer is full.
      'X-Accel-Buffering': 'no',
    });
    this.#write(openingFrame(this.#position));
  }

  /** Sends an event, unless the client has seen it already or does not want its type. */
  send(event: PublishedEvent): void {
    if (event.position <= this.#position) return;
    this.#position = event.position;
    if (this.reader.types.includes(event.type)) this.#write(messageFrame(eventJson(event)));
  }

  /** Says that events up to a position are lost. */
  sendGap(until: number): void {
    const { accountId } = this.reader;
    this.#write(messageFrame(gapJson({ accountId, after: this.#position, until }, new Date())));
    this.#position = until;
  }

  /** There is nothing for the client up to a position. */
  skipTo(position: number): void {
    this.#position = Math.max(this.#position, position);
  }

  keepAlive(): void {
    this.#write(positionFrame(this.#position));
  }

  /** Resolves when the client has taken what was sent, or has gone: one that takes nothing for too long is cut off. */
  async drained(): Promise<void> {
    if (!this.#response.writableNeedDrain || !this.isOpen) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(() => this.#response.destroy(), this.#limits.stalledMs);
    this.#response.on('drain', resolve).on('close', resolve);
    await promise;
    this.#response.off('drain', resolve).off('close', resolve);
    clearTimeout(patience);
  }

  /** Ends after what was sent; a client that does not take that is cut off. */
  end(): void {
    this.#response.end();
    const cut = setTimeout(() => this.#response.destroy(), ENDING_MS);
    this.#response.once('close', () => clearTimeout(cut));
  }

  #write(text: string): void {
    if (!this.isOpen) return;
    this.#response.write(text);
    if (this.#response.writableLength > this.#limits.bufferedBytes) this.#response.destroy();
  }
}
