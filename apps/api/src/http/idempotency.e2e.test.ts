import { unique, waitUntil } from '@automation/testing';

import { createJob, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;
let functionId: unknown;

beforeAll(async () => {
  api = await startTestApi();
});

beforeEach(async () => {
  tenant = await api.newTenant();
  functionId = (await createJob(tenant, { name: 'first' }))['function_id'];
});

afterAll(() => api.stop());

const newBody = () => ({ function_id: functionId, name: unique('job'), schedule: '@hourly' });

/** Creates a job under an Idempotency-Key. */
const create = (body: object, key: string, client: Tenant = tenant) =>
  client.post('/automation/jobs', body, { 'Idempotency-Key': key });

const jobsMade = async () => (await tenant.get('/automation/jobs')).items.length - 1;

/** What is kept of the account's keys. */
async function keysOf({ accountId }: Tenant): Promise<string[]> {
  const { rows } = await api.store.pool.query<{ row: string }>(
    'SELECT row_to_json(k)::text AS row FROM idempotency_keys k WHERE account_id = $1',
    [accountId],
  );
  return rows.map(({ row }) => row);
}

/** Lets time pass for all keys of the account. */
async function age(interval: string): Promise<void> {
  await api.store.pool.query(
    'UPDATE idempotency_keys SET created_at = created_at - $2::interval WHERE account_id = $1',
    [tenant.accountId, interval],
  );
}

test('the same key and body answer the first response again, and nothing is done twice (SPEC 5)', async () => {
  const body = newBody();
  const first = await create(body, 'k');
  expect(first.status).toBe(201);
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  const second = await create(body, ' k ');
  expect({ status: second.status, body: second.body }).toEqual({ status: 201, body: first.body });
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect(await jobsMade()).toBe(1);
});

test('the first response is answered even if the job has changed since', async () => {
  const body = newBody();
  const first = await create(body, 'k');
  await tenant.patch(`/automation/jobs/${String(first.body['id'])}`, { name: 'renamed' });
  expect((await create(body, 'k')).body).toEqual(first.body);
});

test('another key is another request', async () => {
  const body = newBody();
  expect((await create(body, 'one')).status).toBe(201);
  expect((await create(body, 'two')).status).toBe(409);
});

test('a different body, or another route, under the same key is 422', async () => {
  const body = newBody();
  const first = await create(body, 'k');
  const refused = {
    status: 422,
    body: {
      error: 'idempotency key reused',
      code: 'IDEMPOTENCY_KEY_REUSED',
      message: 'Idempotency-Key k was used for a different request',
    },
  };
  expect(await create({ ...body, max_runs: 1 }, 'k')).toMatchObject(refused);
  const run = `/automation/jobs/${String(first.body['id'])}/run`;
  expect(await tenant.post(run, {}, { 'Idempotency-Key': 'k' })).toMatchObject(refused);
  expect(await jobsMade()).toBe(1);
});

test('while the first is under way, others are 409; afterwards they answer the same', async () => {
  const body = newBody();
  // Holds the function's row, so that the create waits for it.
  const holder = await api.store.pool.connect();
  await holder.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
  await holder.query('SELECT 1 FROM functions WHERE id = $1 FOR UPDATE', [functionId]);
  const first = create(body, 'slow');
  await waitUntil(async () => (await keysOf(tenant)).length === 1);
  expect(await create(body, 'slow')).toMatchObject({
    status: 409,
    body: { code: 'CONFLICT', message: 'a request with Idempotency-Key slow is still under way' },
  });
  expect((await create(newBody(), 'slow')).status).toBe(422);
  await holder.query('COMMIT');
  holder.release();
  const answer = await first;
  expect(answer.status).toBe(201);
  expect((await create(body, 'slow')).body).toEqual(answer.body);
  expect(await jobsMade()).toBe(1);
});

test('of many at once exactly one is done', async () => {
  const body = newBody();
  const answers = await Promise.all(Array.from({ length: 6 }, () => create(body, 'many')));
  const done = answers.filter(({ status }) => status === 201);
  expect(done.length).toBeGreaterThanOrEqual(1);
  expect(new Set(done.map((answer) => answer.body['id'])).size).toBe(1);
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  expect(await jobsMade()).toBe(1);
});

test('a key is kept for 24 hours', async () => {
  const body = newBody();
  const first = await create(body, 'k');
  await age('23 hours 59 minutes');
  expect((await create(body, 'k')).body).toEqual(first.body);
  await age('2 minutes');
  expect(await create(body, 'k')).toMatchObject({
    status: 409,
    body: { message: `job with name "${body.name}" already exists` },
  });
  expect((await create(newBody(), 'k')).status).toBe(422);
});

test('a request that never came to an end gives its key back in the end', async () => {
  const body = newBody();
  await create(body, 'k');
  await api.store.pool.query(
    'UPDATE idempotency_keys SET response_status = NULL, response_body = NULL WHERE account_id = $1',
    [tenant.accountId],
  );
  expect((await create(body, 'k')).body['message']).toBe(
    'a request with Idempotency-Key k is still under way',
  );
  await age('3 minutes');
  expect((await create(newBody(), 'k')).status).toBe(201);
});

test.each<[string, (body: object) => object]>([
  ['by the schema', (body) => ({ ...body, max_runs: -1 })],
  ['by the domain', (body) => ({ ...body, schedule: '0 0 30 2 *' })],
  ['for its function', (body) => ({ ...body, function_id: 'nobody' })],
])('a request refused %s gives its key back, so that it can be corrected', async (_, spoil) => {
  const body = newBody();
  expect((await create(spoil(body), 'k')).status).toBe(400);
  expect((await create(body, 'k')).status).toBe(201);
});

test('a conflict is kept and answered again, even once its cause is gone', async () => {
  const body = { ...newBody(), name: 'first' };
  const refused = await create(body, 'k');
  expect(refused.status).toBe(409);
  const { items } = await tenant.get('/automation/jobs');
  await tenant.patch(`/automation/jobs/${String(items[0]?.['id'])}`, { name: 'moved away' });
  const again = await create(body, 'k');
  expect({ status: again.status, body: again.body }).toEqual({ status: 409, body: refused.body });
});

test('a key belongs to an account', async () => {
  const other = await api.newTenant();
  const theirs = await createJob(other, { name: 'theirs' });
  const body = newBody();
  const first = await create(body, 'shared');
  const second = await create({ ...body, function_id: theirs['function_id'] }, 'shared', other);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body['account_id']).toBe(other.accountId);
});

test('secrets are neither kept nor answered again', async () => {
  const body = { name: 'fn', url: 'http://127.0.0.1:9/' };
  const post = () => tenant.post('/functions', body, { 'Idempotency-Key': 'secret' });
  const first = await post();
  expect(first.body['secret']).toMatch(/^whsec_/);
  const second = await post();
  expect(second).toMatchObject({
    status: 409,
    body: { message: 'this request has been answered; the secret in its answer is shown only once' },
  });
  expect(JSON.stringify(second.body)).not.toContain(String(first.body['secret']));
  const [kept, ...others] = await keysOf(tenant);
  expect(others).toEqual([]);
  expect(kept).not.toContain(String(first.body['secret']));
  expect((await tenant.get('/functions')).items).toHaveLength(2);
});

test('an API key is made once, too', async () => {
  const path = `/accounts/${tenant.accountId}/api-keys`;
  const post = () => api.admin.post(path, { name: 'once' }, { 'Idempotency-Key': unique('admin') });
  const key = unique('same');
  const same = () => api.admin.post(path, { name: 'once' }, { 'Idempotency-Key': key });
  expect([(await same()).status, (await same()).status, (await post()).status]).toEqual([201, 409, 201]);
  expect((await api.admin.get(path)).items).toHaveLength(3);
});

test('a run is started once', async () => {
  const job = await createJob(tenant);
  const path = `/automation/jobs/${String(job['id'])}/run`;
  const first = await tenant.post(path, undefined, { 'Idempotency-Key': 'run' });
  const second = await tenant.post(path, {}, { 'Idempotency-Key': 'run' });
  expect(second).toMatchObject({ status: 202, body: first.body });
  expect((await tenant.get(`/automation/jobs/${String(job['id'])}/executions`)).items).toHaveLength(1);
});

test.each([
  ['', 0],
  ['   ', 0],
  ['x'.repeat(256), 256],
])('the key %j is refused', async (key, length) => {
  const message = `Idempotency-Key must have 1 to 255 characters, got ${length}`;
  expect(await create(newBody(), key)).toMatchObject({
    status: 400,
    body: { message, details: [{ field: 'Idempotency-Key', message }] },
  });
  expect(await jobsMade()).toBe(0);
});

test('a key of 255 characters is one', async () => {
  expect((await create(newBody(), 'x'.repeat(255))).status).toBe(201);
});
