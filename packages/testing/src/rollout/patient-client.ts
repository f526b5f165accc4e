import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { ApiReply } from '../chaos/chaos-api.ts';

/** What a client of an HTTP service tries again: the answers that ask for it, and a connection that nobody took. */
const AGAIN = new Set(['429', '503', 'ECONNREFUSED']);
const WAIT_MS = 100;
const TRIES_MS = 30_000;
const TIMEOUT_MS = 15_000;

/**
 * Asks the api as a well-behaved client does: what may be tried again is, each POST under its Idempotency-Key. Anything
 * else that goes wrong is a fault, which the run is to find.
 */
export class PatientClient {
  /** Answers by method, kind of path and status, those that were tried again as well. */
  readonly statuses = new Map<string, number>();
  /** How often something was tried again, by why. */
  readonly retries = new Map<string, number>();
  /** What no client should have to see. */
  readonly faults: string[] = [];
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  /** Answers what the api said in the end; a null status if there was no answer, which is a fault. */
  async insist(method: string, path: string, { body }: { body?: object } = {}): Promise<ApiReply> {
    const authorization = `Bearer ${this.#key}`;
    const key = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    return this.#insist(method, path, { headers: { authorization, ...key }, body });
  }

  /** What a function says of an attempt that it has accepted; answers the status. */
  async complete(execution: string, token: string, envelope: object): Promise<number | null> {
    const headers = { 'x-automation-completion-token': token };
    const path = `/automation/executions/${execution}/complete`;
    return (await this.#insist('POST', path, { headers, body: envelope })).status;
  }

  async #insist(
    method: string,
    path: string,
    request: { headers: Record<string, string>; body?: object | undefined },
  ): Promise<ApiReply> {
    const deadline = Date.now() + TRIES_MS;
    const what = `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}')}`;
    for (;;) {
      const outcome = await send(`${this.#url}${path}`, method, request);
      const how = String(outcome.status ?? outcome.failure);
      add(this.statuses, `${what} ${how}`);
      const isToBeTriedAgain = AGAIN.has(how) && Date.now() < deadline;
      if (!isToBeTriedAgain) {
        if (outcome.status === null || outcome.status >= 500) this.faults.push(`${time()} ${what}: ${how}`);
        return outcome;
      }
      add(this.retries, how);
      await delay(WAIT_MS);
    }
  }
}

/** Either an answer, or the code of why there is none. */
type Outcome = ApiReply & { failure: string | null };

async function send(
  url: string,
  method: string,
  { headers, body }: { headers: Record<string, string>; body?: object | undefined },
): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    return { status: response.status, body: json, failure: null };
  } catch (error) {
    return { status: null, body: null, failure: failureOf(error) };
  }
}

/** fetch keeps the reason of a failure in its cause. */
function failureOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  const reason = Error.isError(error.cause) ? error.cause : error;
  return 'code' in reason ? String(reason.code) : reason.message;
}

function add(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function time(): string {
  return new Date().toISOString().slice(11, 23);
}
