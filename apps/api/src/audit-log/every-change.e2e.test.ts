import { randomUUID } from 'node:crypto';

import type { AuditAction } from '@automation/domain';
import { recordingLogger, unique } from '@automation/testing';

import { ADMIN_KEY, startTestApi, type TestApi } from '../api.fixture.ts';
import { routes } from '../routes.ts';
import { newOwner, type Owner } from './owner.fixture.ts';

let api: TestApi;
let owner: Owner;

/** What must never be in the log; those that are made are added. */
const secrets = new Set([ADMIN_KEY, 'hidden-header', 'hidden-query']);

beforeAll(async () => {
  api = await startTestApi({}, { logger: recordingLogger() });
});

beforeEach(async () => {
  owner = await newOwner(api);
  secrets.add(owner.key);
});

afterAll(() => api.stop());

interface Change {
  action: AuditAction;
  /** What is told of: the last thing that the path names, unless it is this. */
  target?: 'what is new' | 'the account';
  body?: () => object;
}

const SECRET_URL = 'http://127.0.0.1:9/hook?token=hidden-query';

const CHANGES: Record<string, Change> = {
  'POST /automation/jobs': {
    action: 'job.created',
    target: 'what is new',
    body: () => ({ function_id: owner.ids['functions'], name: unique('job'), schedule: '@daily' }),
  },
  'PATCH /automation/jobs/{id}': { action: 'job.updated', body: () => ({ description: 'changed' }) },
  'DELETE /automation/jobs/{id}': { action: 'job.disabled' },
  'POST /automation/jobs/{id}/run': { action: 'job.run' },
  'POST /automation/executions/{id}/cancel': { action: 'execution.cancelled' },
  'POST /functions': {
    action: 'function.created',
    target: 'what is new',
    body: () => ({ name: 'fn', url: SECRET_URL, headers: { Authorization: 'hidden-header' } }),
  },
  'PATCH /functions/{id}': {
    action: 'function.updated',
    body: () => ({ url: SECRET_URL, headers: { Authorization: 'hidden-header' } }),
  },
  'DELETE /functions/{id}': { action: 'function.deleted' },
  'POST /functions/{id}/rotate-secret': { action: 'function.secret_rotated' },
  'POST /accounts': {
    action: 'account.created',
    target: 'what is new',
    body: () => ({ name: 'account' }),
  },
  'POST /accounts/{id}/api-keys': {
    action: 'api_key.created',
    target: 'what is new',
    body: () => ({ name: 'key' }),
  },
  'DELETE /accounts/{id}/api-keys/{key_id}': { action: 'api_key.revoked' },
  'POST /automation/event-endpoints': {
    action: 'event_endpoint.created',
    target: 'what is new',
    body: () => ({ url: SECRET_URL }),
  },
  'PATCH /automation/event-endpoints/{id}': {
    action: 'event_endpoint.updated',
    body: () => ({ url: SECRET_URL }),
  },
  'DELETE /automation/event-endpoints/{id}': { action: 'event_endpoint.deleted' },
  'POST /automation/event-endpoints/{id}/rotate-secret': { action: 'event_endpoint.secret_rotated' },
  'PUT /automation/events/settings': {
    action: 'event_settings.updated',
    target: 'the account',
    body: () => ({ execution_events: true }),
  },
};

const CHANGE_NOTHING = {
  'POST /automation/schedules/preview': 'answers what a schedule means',
  'POST /functions/{id}/test': 'makes a request and keeps nothing of it',
  'POST /automation/executions/{id}/complete': 'is what a function answers: it is in the execution',
};

/** The step of a path that stands before an id, and the id. */
const OBJECT = /([\w-]+)\/\{\w+\}/g;

interface Sent {
  status: number;
  body: unknown;
  /** Under which the audit log has it. */
  requestId: string;
}

/** Sends what a route takes; to ids that there are not, if it says so. */
async function send(
  route: string,
  options: { unknown?: boolean; body?: object; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const [method = '', template = ''] = route.split(' ');
  const requestId = randomUUID();
  const idOf = (kind: string) => (options.unknown === true ? randomUUID() : owner.ids[kind]);
  const path = template.replaceAll(OBJECT, (_, kind: string) => `${kind}/${idOf(kind) ?? `no ${kind}`}`);
  const body = options.body ?? CHANGES[route]?.body?.();
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${owner.key}`,
      'content-type': 'application/json',
      'x-request-id': requestId,
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  for (const name of ['secret', 'key']) {
    const shown: unknown = Reflect.get(Object(answer), name);
    if (typeof shown === 'string') secrets.add(shown);
  }
  return { status: response.status, body: answer, requestId };
}

async function entriesOf({ requestId }: Sent): Promise<object[]> {
  const { rows } = await api.store.pool.query<object>(
    'SELECT * FROM automation_audit_log WHERE request_id = $1',
    [requestId],
  );
  return rows;
}

/** All that the routes change. */
async function snapshot(): Promise<unknown> {
  const { rows } = await api.store.pool.query<object>(`
    SELECT (SELECT jsonb_agg(to_jsonb(a) ORDER BY id) FROM accounts a) AS accounts,
           (SELECT jsonb_agg(to_jsonb(k) - 'last_used_at' ORDER BY id) FROM api_keys k) AS keys,
           (SELECT jsonb_agg(to_jsonb(f) ORDER BY id) FROM functions f) AS functions,
           (SELECT jsonb_agg(to_jsonb(j) ORDER BY id) FROM automation_jobs j) AS jobs,
           (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM automation_executions e) AS executions,
           (SELECT jsonb_agg(to_jsonb(n) ORDER BY id) FROM automation_event_endpoints n) AS endpoints,
           (SELECT jsonb_agg(to_jsonb(s) ORDER BY account_id) FROM automation_event_settings s) AS settings,
           (SELECT count(*) FROM automation_outbox) AS events,
           (SELECT count(*) FROM pgboss.job) AS tasks`);
  return rows[0];
}

/** Works as if the log could not be written. */
async function withoutLog<T>(work: () => Promise<T>): Promise<T> {
  await api.store.pool.query('ALTER TABLE automation_audit_log RENAME TO away');
  try {
    return await work();
  } finally {
    await api.store.pool.query('ALTER TABLE away RENAME TO automation_audit_log');
  }
}

function targetOf(route: string, { body }: Sent): unknown {
  const target = CHANGES[route]?.target;
  if (target === 'what is new') return Reflect.get(Object(body), 'id');
  if (target === 'the account') return owner.accountId;
  const kinds = [...route.matchAll(OBJECT)].map(([, kind]) => kind);
  return owner.ids[kinds.at(-1) ?? ''];
}

test('it is known of every route that may change something what it leaves in the log', () => {
  const mayChange = routes.filter(({ method }) => method !== 'get');
  const names = mayChange.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(Object.keys({ ...CHANGES, ...CHANGE_NOTHING }).toSorted()).toEqual(names.toSorted());
});

describe.each(Object.keys(CHANGES))('%s', (route) => {
  const { action } = CHANGES[route]!;

  test('leaves one entry: who changed what, by which request and from where', async () => {
    const sent = await send(route);
    expect(sent.status).toBeLessThan(300);
    const target = targetOf(route, sent);
    const entries = await entriesOf(sent);
    expect(entries).toEqual([
      expect.objectContaining({
        account_id: action === 'account.created' ? target : owner.accountId,
        actor_kind: 'api_key',
        actor_id: owner.keyId,
        action,
        target_type: action.replace(/\..*/, ''),
        target_id: target,
        client_address: '127.0.0.1',
      }),
    ]);
  });

  test('leaves none if it is refused', async () => {
    const refused = await send(route, route.includes('{') ? { unknown: true } : { body: { nonsense: 1 } });
    expect([400, 404]).toContain(refused.status);
    expect(await entriesOf(refused)).toEqual([]);
  });

  test('changes nothing if its entry cannot be written', async () => {
    const before = await snapshot();
    const { status } = await withoutLog(() => send(route));
    expect(status).toBe(500);
    expect(await snapshot()).toEqual(before);
  });
});

test.each(Object.keys(CHANGES).filter((route) => route.startsWith('POST ')))(
  '%s, repeated under its Idempotency-Key, leaves no second entry (SPEC 5)',
  async (route) => {
    const same = { body: CHANGES[route]?.body?.() ?? {}, headers: { 'Idempotency-Key': randomUUID() } };
    const [first, second] = [await send(route, same), await send(route, same)];
    expect(first.status).toBeLessThan(300);
    expect([first.status, 409]).toContain(second.status);
    expect(await entriesOf(first)).toHaveLength(1);
    expect(await entriesOf(second)).toEqual([]);
  },
);

test.each(
  Object.keys(CHANGES).filter((route) => /\/cancel$|^DELETE \/(automation\/jobs|accounts)/.test(route)),
)('%s, when there is nothing left to do, leaves no second entry', async (route) => {
  const [first, second] = [await send(route), await send(route)];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await entriesOf(first)).toHaveLength(1);
  expect(await entriesOf(second)).toEqual([]);
});

test('of all that, no entry has a key, a secret, a header or a query in it', async () => {
  const { rows } = await api.store.pool.query<{ entry: string }>(
    'SELECT to_jsonb(l)::text AS entry FROM automation_audit_log l',
  );
  expect(rows.length).toBeGreaterThan(100);
  expect(secrets.size).toBeGreaterThan(30);
  const text = rows.map(({ entry }) => entry).join('\n');
  expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
});
