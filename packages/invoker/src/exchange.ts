import type { AttemptTimes } from '@automation/domain';
import type { Dispatcher } from 'undici';
import { type AnswerHead, bytesToRead } from './answer-head.ts';
import { InformationalFloodError, MOST_INFORMATIONAL_ANSWERS } from './informational-flood-error.ts';
import { KeptBytes } from './kept-bytes.ts';

/** An answer as far as it is read. */
export interface ReceivedAnswer extends AnswerHead {
  bytes: Buffer;
  /** `cut`: it is longer than what is read of it, and its connection is closed. An error: it broke off. */
  end: 'complete' | 'cut' | Error;
}

/**
 * One request and its answer, as undici's `dispatch` tells of them. Its `request` would be shorter, but makes a stream of each
 * answer, which is almost half of what an invocation costs, and doesn't tell when the request got its connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #outcome = Promise.withResolvers<ReceivedAnswer>();
  readonly #startedAt = performance.now();
  #sentAt: number | null = null;
  #answeredAt: number | null = null;
  #endedAt: number | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #informational = 0;
  #received: (AnswerHead & { body: KeptBytes }) | null = null;

  /** The answer, though it may have broken off; rejects with what went wrong if there is none. */
  get answer(): Promise<ReceivedAnswer> {
    return this.#outcome.promise;
  }

  /** Milliseconds that its parts took so far. */
  get times(): AttemptTimes {
    const now = this.#endedAt ?? performance.now();
    const from = (start: number | null, end: number | null) =>
      start === null ? null : Math.round((end ?? now) - start);
    return {
      connectMs: from(this.#startedAt, this.#sentAt),
      waitMs: from(this.#sentAt, this.#answeredAt),
      bodyMs: from(this.#answeredAt, this.#endedAt),
    };
  }

  /** Gives it up, wherever it is; its connection is closed. */
  interrupt(): void {
    const error = new Error('interrupted');
    this.#fail(error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was given up while it waited for a connection.
    if (this.#endedAt !== null) controller.abort(new Error('interrupted'));
    else this.#sentAt = performance.now();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    httpStatus: number,
    headers: AnswerHead['headers'],
  ): void {
    if (httpStatus < 200) {
      this.#informational += 1;
      if (this.#informational > MOST_INFORMATIONAL_ANSWERS) throw new InformationalFloodError();
      return;
    }
    this.#answeredAt = performance.now();
    const limit = bytesToRead({ httpStatus, headers });
    this.#received = { httpStatus, headers, body: new KeptBytes(limit) };
    if (limit === 0) this.#cut(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#received?.body.append(chunk) === false) this.#cut(controller);
  }

  onResponseEnd(): void {
    this.#end('complete');
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(error);
  }

  #cut(controller: Dispatcher.DispatchController): void {
    this.#end('cut');
    controller.abort(new Error('not read to its end'));
  }

  #fail(error: Error): void {
    if (this.#received !== null) return this.#end(error);
    this.#endedAt ??= performance.now();
    this.#outcome.reject(error);
  }

  #end(end: ReceivedAnswer['end']): void {
    if (this.#received === null) return;
    this.#endedAt ??= performance.now();
    const { httpStatus, headers, body } = this.#received;
    this.#outcome.resolve({ httpStatus, headers, bytes: body.bytes, end });
  }
}
