/** Sends a request with an account's key, and answers the object that came back. */
export interface ApiCaller {
  post(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }>;
}

export interface ObjectOwner {
  accountId: string;
  /** With the scopes `read` and `write` of the account. */
  owner: ApiCaller;
  admin: ApiCaller;
}

/**
 * Makes one object of each kind that an account can have, with `text` wherever a user may write something, and answers
 * their paths by the paths of the OpenAPI document.
 */
export async function createObjects(
  { accountId, owner, admin }: ObjectOwner,
  text: string,
): Promise<Map<string, string>> {
  const functionId = await create(owner, '/functions', {
    name: text,
    url: `http://127.0.0.1:9/${text}`,
    headers: { Authorization: text },
  });
  const jobId = await create(owner, '/automation/jobs', {
    function_id: functionId,
    name: text,
    description: text,
    schedule: '@yearly',
    payload: { pin: text },
    metadata: { owner: text },
  });
  const executionId = await create(owner, `/automation/jobs/${jobId}/run`);
  const endpointId = await create(owner, '/automation/event-endpoints', {
    url: `http://127.0.0.1:9/${text}`,
    types: ['job.*'],
  });
  const keyId = await create(admin, `/accounts/${accountId}/api-keys`, { name: text, scopes: ['read'] });
  return new Map([
    ['/functions/{id}', `/functions/${functionId}`],
    ['/automation/jobs/{id}', `/automation/jobs/${jobId}`],
    ['/automation/executions/{id}', `/automation/executions/${executionId}`],
    ['/automation/event-endpoints/{id}', `/automation/event-endpoints/${endpointId}`],
    ['/accounts/{id}', `/accounts/${accountId}`],
    ['/accounts/{id}/api-keys/{key_id}', `/accounts/${accountId}/api-keys/${keyId}`],
  ]);
}

/** The path of an operation with the ids of such objects; undefined if they have none that it is about. */
export function pathWithObjects(template: string, objects: ReadonlyMap<string, string>): string | undefined {
  const known = objectOf(template, objects.keys());
  if (known === undefined) return template.includes('{') ? undefined : template;
  const path = template.replace(known, objects.get(known) ?? '');
  return path.includes('{') ? undefined : path;
}

/** The longest of these paths with which an operation's path begins: the object that it is about. */
export function objectOf(template: string, known: Iterable<string>): string | undefined {
  return [...known]
    .filter((each) => template === each || template.startsWith(`${each}/`))
    .toSorted((one, other) => other.length - one.length)[0];
}

async function create(caller: ApiCaller, path: string, body?: object): Promise<string> {
  const answer = await caller.post(path, body);
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return String(answer.body['id']);
}
