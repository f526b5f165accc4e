import { createJob, type Client, type TestApi } from '../api.fixture.ts';

/** A client with the scope admin in an account of its own. */
export interface Owner extends Client {
  accountId: string;
  key: string;
  keyId: string;
  /** What the account has of each kind, by the step of a path that stands before its id. */
  ids: Readonly<Record<string, string>>;
}

/**
 * An account with a job, an execution of it that waits, a function that no job uses, an event endpoint, and an API key that
 * nobody shows.
 */
export async function newOwner(api: TestApi): Promise<Owner> {
  const { accountId } = await api.newTenant();
  const newKey = async (name: string) => {
    const path = `/accounts/${accountId}/api-keys`;
    const { body } = await api.admin.post(path, { name, scopes: ['admin'] });
    return { id: String(body['id']), key: String(body['key']) };
  };
  const [own, further] = [await newKey('own'), await newKey('further')];
  const client = api.client(own.key);
  const job = await createJob(client);
  const run = await client.post(`/automation/jobs/${String(job['id'])}/run`);
  const unused = await client.post('/functions', { name: 'unused', url: 'http://127.0.0.1:9/' });
  const endpoint = await client.post('/automation/event-endpoints', { url: 'http://127.0.0.1:9/' });
  const ids = {
    accounts: accountId,
    'api-keys': further.id,
    functions: String(unused.body['id']),
    jobs: String(job['id']),
    executions: String(run.body['id']),
    'event-endpoints': String(endpoint.body['id']),
  };
  return { ...client, accountId, key: own.key, keyId: own.id, ids };
}
