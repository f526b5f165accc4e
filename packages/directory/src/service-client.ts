import { withDeadline } from '@automation/service-kit';
import { Agent } from 'undici';

/** Milliseconds that the service has for the whole of an answer. */
const TIMEOUT_MS = 2_000;
/** What the contract's answers need is a fraction of it. */
const MAX_ANSWER_BYTES = 256 * 1_024;
const CONNECTIONS = 32;

export interface ServiceAddress {
  url: string;
  /** Sent as Bearer, if the service wants one. */
  token: string | undefined;
}

/** Reads JSON from an external service. Opens no connection before the first request. */
export class ServiceClient {
  readonly #agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    connectTimeout: TIMEOUT_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  readonly #origin: string;
  readonly #basePath: string;
  readonly #headers: Record<string, string>;

  constructor({ url, token }: ServiceAddress) {
    const { origin, pathname } = new URL(url);
    this.#origin = origin;
    this.#basePath = pathname.replace(/\/+$/, '');
    this.#headers = {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  /**
   * The JSON at a path; undefined if the service answers 404. Throws whatever else came of it; no message repeats what
   * the service answered.
   */
  async get(path: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
    // undici notices its signal only once the request has a connection; the deadline bounds the wait for one, too.
    return withDeadline(TIMEOUT_MS, () => this.#exchange(path, headers, AbortSignal.timeout(TIMEOUT_MS)));
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #exchange(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { statusCode, body } = await this.#agent.request({
      origin: this.#origin,
      path: this.#basePath + path,
      method: 'GET',
      headers: { ...this.#headers, ...headers },
      signal,
    });
    const text = await body.text();
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw new Error(`answered ${statusCode}, where 200 or 404 is agreed`);
    return parse(text);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse repeats what it could not read, which may be a secret.
    throw new Error('answered 200 with what is no JSON');
  }
}
