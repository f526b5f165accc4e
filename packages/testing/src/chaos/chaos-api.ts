export interface ApiReply {
  /** Null: no answer. */
  status: number | null;
  body: unknown;
}

const TIMEOUT_MS = 10_000;
const NO_ANSWER: ApiReply = { status: null, body: null };

/** Asks the api as a user's script would. What goes wrong on the way is no exception here: it is what the run is about. */
export class ChaosApi {
  /** Answers by method, kind of path and status, of all that was asked. */
  readonly statuses = new Map<string, number>();
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async ask(method: string, path: string, body?: object): Promise<ApiReply> {
    return this.#send(method, path, { authorization: `Bearer ${this.#key}` }, body);
  }

  /** Asks again until there is an answer below 500, and answers that. */
  async insist(
    method: string,
    path: string,
    options: { body?: object; timeoutMs?: number } = {},
  ): Promise<ApiReply> {
    const deadline = Date.now() + (options.timeoutMs ?? 30_000);
    for (;;) {
      const reply = await this.ask(method, path, options.body);
      if (reply.status !== null && reply.status < 500) return reply;
      if (Date.now() > deadline) throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async complete(execution: string, token: string, envelope: object): Promise<number | null> {
    const path = `/automation/executions/${execution}/complete`;
    const { status } = await this.#send('POST', path, { 'x-automation-completion-token': token }, envelope);
    return status;
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<ApiReply> {
    const reply = await this.#fetch(method, path, headers, body);
    const kind = `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}')} ${reply.status ?? 'no answer'}`;
    this.statuses.set(kind, (this.statuses.get(kind) ?? 0) + 1);
    return reply;
  }

  async #fetch(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<ApiReply> {
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const json: unknown = await response.json();
      return { status: response.status, body: json };
    } catch {
      return NO_ANSWER;
    }
  }
}

/** A field of an answered object; undefined if there is none. */
export function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
