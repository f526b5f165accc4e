import { ApiError } from './api-error.ts';

const KEY_BYTES = 16;

/** The Idempotency-Keys of requests that have had no answer yet. */
export class IdempotencyKeys {
  readonly #unanswered = new Map<string, string>();

  /**
   * Sends a request under a new key, or under the one that it had before if nobody knows what has come of that.
   * @param request what tells it from others: where it goes, and its body
   */
  async under<Answer>(request: string, send: (key: string) => Promise<Answer>): Promise<Answer> {
    const key = this.#unanswered.get(request) ?? newKey();
    this.#unanswered.set(request, key);
    try {
      const answer = await send(key);
      this.#unanswered.delete(request);
      return answer;
    } catch (error) {
      if (isAnswer(error)) this.#unanswered.delete(request);
      throw error;
    }
  }
}

/** Whether the api has said what has come of a request: not that it is still at it, nor that it failed midway. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.requestId === null) return false;
  return error.status < 500 && !error.message.endsWith('is still under way');
}

/** `randomUUID` is there over TLS alone. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
