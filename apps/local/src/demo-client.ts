interface Api {
  url: string;
  key: string;
}

const FUNCTION_NAME = 'Demo function';

/**
 * Registers the demo function and its job by the API, as a user would; what is there already stays. Answers the id of the
 * function, which the printed curl uses too.
 */
export async function registerDemo(api: Api, functionUrl: string): Promise<string> {
  const functionId = await registerFunction(api, functionUrl);
  await request(api, 'POST', '/automation/jobs', {
    function_id: functionId,
    name: 'demo',
    description: 'Asks the demo function every 3 seconds; one check of three says "not now".',
    schedule: '@every 3s',
  });
  return functionId;
}

/** Its port is another one at each start, so a function that is there already is pointed to the new one. */
async function registerFunction(api: Api, url: string): Promise<string> {
  const registered = await request(api, 'GET', '/functions?limit=1000');
  const known: unknown = Array.isArray(registered) ? registered.find(isDemo) : undefined;
  if (known !== undefined) return idOf(await request(api, 'PATCH', `/functions/${idOf(known)}`, { url }));
  return idOf(await request(api, 'POST', '/functions', { name: FUNCTION_NAME, url }));
}

function isDemo(fn: unknown): boolean {
  return Reflect.get(Object(fn), 'name') === FUNCTION_NAME;
}

function idOf(fn: unknown): string {
  return String(Reflect.get(Object(fn), 'id'));
}

/** Answers the JSON of the response. Throws unless it is a success, or a conflict with what is there already. */
async function request(api: Api, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok && response.status !== 409)
    throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
