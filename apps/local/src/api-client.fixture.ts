/** What the api answered. */
export interface Reply {
  status: number;
  /** Of an object. */
  body: Record<string, unknown>;
  /** Of an array. */
  items: Record<string, unknown>[];
}

/** Asks the api as a user's script would. */
export interface ApiClient {
  get(path: string): Promise<Reply>;
  post(path: string, body?: object): Promise<Reply>;
  patch(path: string, body: object): Promise<Reply>;
}

export function apiClient(url: string, key: string): ApiClient {
  const request = async (method: string, path: string, body?: object): Promise<Reply> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    return {
      status: response.status,
      body: isRecord(json) ? json : {},
      items: Array.isArray(json) ? json.filter(isRecord) : [],
    };
  };
  return {
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    patch: (path, body) => request('PATCH', path, body),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
