import { installQueues } from '@automation/queue';
import { migrate, openStore, type Store } from '@automation/store';
import { createTestDatabase, unique, waitForSessions } from '@automation/testing';
import request, { type Response } from 'supertest';

import { documentOf, type DocumentCheck } from './docs/document-check.fixture.ts';
import { loadApiConfig, start, type StartOverrides } from './index.ts';

export const ADMIN_KEY = 'admin-key-of-the-tests-0123456789abcdef';

/** What the api answered. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  /** Of an object. */
  body: Record<string, unknown>;
  /** Of an array. */
  items: Record<string, unknown>[];
}

/** Sends requests with one API key. Every answer is checked against the OpenAPI document. */
export interface Client {
  get(path: string, headers?: Headers): Promise<Answer>;
  post(path: string, body?: object, headers?: Headers): Promise<Answer>;
  put(path: string, body: object, headers?: Headers): Promise<Answer>;
  patch(path: string, body: object, headers?: Headers): Promise<Answer>;
  delete(path: string, headers?: Headers): Promise<Answer>;
}

type Headers = Record<string, string>;

/** A client of an account of its own, and the account's key. */
export interface Tenant extends Client {
  accountId: string;
  key: string;
}

export interface TestApi {
  url: string;
  metricsUrl: string;
  store: Store;
  document: DocumentCheck;
  /** Of the bootstrap account. */
  admin: Client;
  client(key: string): Client;
  /** A client of a fresh account, with the scopes `read` and `write`. */
  newTenant(): Promise<Tenant>;
  /** Another api on the same database, with settings of its own. */
  startReplica(settings?: NodeJS.ProcessEnv): Promise<{ url: string; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

/** The api as it runs in production, on a database of its own. */
export async function startTestApi(
  env: NodeJS.ProcessEnv = {},
  overrides: StartOverrides = {},
): Promise<TestApi> {
  const database = await createTestDatabase(migrate, installQueues);
  const store = openStore({
    url: database.url,
    poolSize: 3,
    applicationName: 'test',
    onConnectionError: () => undefined,
  });
  waitForSessions(store.pool);
  const startApi = async (settings: NodeJS.ProcessEnv = {}) =>
    start(
      loadApiConfig({
        DATABASE_URL: database.url,
        API_PORT: '0',
        METRICS_PORT: '0',
        BOOTSTRAP_ACCOUNT_ID: 'admin',
        BOOTSTRAP_API_KEY: ADMIN_KEY,
        FUNCTION_NETWORK: 'private',
        // Tests ask faster than users do.
        ACCOUNT_REQUESTS_PER_SECOND: '1000000',
        ACCOUNT_CONCURRENT_REQUESTS: '1000000',
        ADDRESS_REQUESTS_PER_SECOND: '1000000',
        LOG_LEVEL: 'error',
        ...env,
        ...settings,
      }),
      overrides,
    );
  const running = await startApi();
  const url = urlOf(running.port);
  const document = await documentOf(url);
  const client = (key: string) => createClient(url, document, key);
  const admin = client(ADMIN_KEY);
  return {
    url,
    metricsUrl: urlOf(running.metricsPort),
    store,
    document,
    admin,
    client,
    newTenant: async () => {
      const accountId = unique('acc');
      await admin.post('/accounts', { id: accountId, name: accountId });
      const { body } = await admin.post(`/accounts/${accountId}/api-keys`, { name: 'test' });
      const key = String(body['key']);
      return { ...client(key), accountId, key };
    },
    startReplica: async (settings) => {
      const replica = await startApi(settings);
      return { url: urlOf(replica.port), stop: () => replica.stop() };
    },
    stop: async () => {
      await running.stop();
      await store.close();
      await database.drop();
    },
  };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function createClient(url: string, document: DocumentCheck, key: string): Client {
  const agent = request.agent(url).set('Authorization', `Bearer ${key}`);
  const checked = async (sent: Promise<Response>) => {
    const response = await sent;
    document.check(response);
    return answerOf(response);
  };
  return {
    get: (path, headers = {}) => checked(agent.get(path).set(headers)),
    post: (path, body, headers = {}) => checked(agent.post(path).set(headers).send(body)),
    put: (path, body, headers = {}) => checked(agent.put(path).set(headers).send(body)),
    patch: (path, body, headers = {}) => checked(agent.patch(path).set(headers).send(body)),
    delete: (path, headers = {}) => checked(agent.delete(path).set(headers)),
  };
}

function answerOf({ status, headers, text }: Response): Answer {
  const json: unknown = JSON.parse(text);
  return {
    status,
    headers,
    body: isRecord(json) ? json : {},
    items: Array.isArray(json) ? json.filter(isRecord) : [],
  };
}

/** The objects of an array in an answer. */
export function recordsOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new Error(`no array: ${JSON.stringify(value)}`);
  return value.filter(isRecord);
}

/** An object in an answer. */
export function recordOf(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new Error(`no object: ${JSON.stringify(value)}`);
  return value;
}

/** The address of the next page, from an answer's Link. */
export function nextPageOf({ headers }: Answer): string | undefined {
  return /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];
}

/** The statuses of answers to simultaneous requests, in ascending order. */
export function statusesOf(answers: readonly Answer[]): number[] {
  return answers.map(({ status }) => status).toSorted((one, other) => one - other);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A function and a job of it, as a user makes them. */
export async function createJob(client: Client, fields: object = {}): Promise<Record<string, unknown>> {
  const fn = await client.post('/functions', { name: 'fn', url: 'http://127.0.0.1:9/' });
  const { body } = await client.post('/automation/jobs', {
    function_id: fn.body['id'],
    name: unique('job'),
    schedule: '@hourly',
    ...fields,
  });
  return body;
}
