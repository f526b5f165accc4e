import { ApiError, errorOfAnswer } from './api-error.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { nextPage, type Page } from './next-page.ts';
import { type Search, withSearch } from './search.ts';

export interface Change {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: object;
  /** The `ETag` of what is changed: the change is refused with `PRECONDITION_FAILED` if it isn't that any more. */
  ifMatch?: string;
}

/** A thing and its `ETag`, to be handed to `ifMatch`. */
export interface Tagged<Value> {
  value: Value;
  etag: string;
}

/** The REST API, asked with the key of the session. Every method throws ApiError if the answer is not 2xx, or if there is none. */
export interface Api {
  /** Reads one thing. */
  get<Answer>(path: string, search?: Search, signal?: AbortSignal): Promise<Answer>;
  /** Reads one thing together with its `ETag`. */
  getTagged<Answer>(path: string, signal?: AbortSignal): Promise<Tagged<Answer>>;
  /** Reads a page of a list: `path` is the list's, or `next` of the page before. */
  list<Item>(path: string, search?: Search, signal?: AbortSignal): Promise<Page<Item>>;
  /** Changes something, and answers what has come of it. */
  send<Answer>(path: string, change: Change): Promise<Answer>;
  /** Makes something new. After an answer that was lost it can be asked for again, and is not made twice. */
  make<Answer>(path: string, body?: object): Promise<Answer>;
  /** Opens a stream of server-sent events. */
  stream(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

export interface ApiOptions {
  /** The API key of the session; null if nobody is signed in. */
  key: () => string | null;
  /** Called when the api doesn't take the key any more. */
  onRefused: () => void;
  /** Called after every request with whether there was an answer. */
  onReached?: (isReachable: boolean) => void;
  fetch?: typeof fetch;
}

/** Makes the client of the api that has served this page. */
export function createApi(options: ApiOptions): Api {
  const ask = (path: string, init: RequestInit) => request(options, path, init);
  const keys = new IdempotencyKeys();
  return {
    get: async (path, search, signal) => json(await ask(withSearch(path, search), { signal })),
    getTagged: async (path, signal) => {
      const response = await ask(path, { signal });
      return { value: await json(response), etag: response.headers.get('etag') ?? '' };
    },
    list: async (path, search, signal) => {
      const response = await ask(withSearch(path, search), { signal });
      return { items: await json(response), next: nextPage(response.headers.get('link')) };
    },
    send: async (path, { method, body, ifMatch }) => {
      const headers = { ...JSON_BODY, ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }) };
      return json(await ask(path, { method, headers, body: JSON.stringify(body ?? {}) }));
    },
    make: (path, given = {}) => {
      const body = JSON.stringify(given);
      return keys.under(`${path} ${body}`, async (key) =>
        json(await ask(path, { method: 'POST', headers: { ...JSON_BODY, 'Idempotency-Key': key }, body })),
      );
    },
    stream: async (path, headers, signal) => {
      const { body, status } = await ask(path, { headers, signal });
      if (body === null) throw new ApiError({ status, code: 'UNREADABLE', message: 'The stream is empty.' });
      return body;
    },
  };
}

const JSON_BODY = { 'Content-Type': 'application/json' };

async function request(options: ApiOptions, path: string, init: RequestInit): Promise<Response> {
  const key = options.key();
  const headers = new Headers(init.headers);
  if (key !== null) headers.set('Authorization', `Bearer ${key}`);
  const response = await reach(options, path, { ...init, headers });
  if (response.ok) return response;
  const error = errorOfAnswer(response.status, await response.text(), response.headers.get('retry-after'));
  // Another key may have been entered meanwhile.
  if (response.status === 401 && options.key() === key) options.onRefused();
  throw error;
}

async function reach(options: ApiOptions, path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await (options.fetch ?? fetch)(path, init);
    options.onReached?.(true);
    return response;
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    options.onReached?.(false);
    throw new ApiError({ status: 0, code: 'UNREACHABLE', message: 'The service cannot be reached.' });
  }
}

/** The answer, whose shape is taken on trust: the api checks its own answers against its OpenAPI document. */
async function json<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    // oxlint-disable-next-line typescript/no-unsafe-return
    return JSON.parse(text);
  } catch {
    throw new ApiError({
      status: response.status,
      code: 'UNREADABLE',
      message: 'The answer of the service is not JSON.',
    });
  }
}
