import { connect } from 'node:net';

import { scrape, waitUntil } from '@automation/testing';
import request, { type Response } from 'supertest';

import { createJob, recordOf, startTestApi, type Tenant, type TestApi } from '../api.fixture.ts';

let api: TestApi;
let tenant: Tenant;

beforeAll(async () => {
  api = await startTestApi();
  tenant = await api.newTenant();
});

afterAll(() => api.stop());

/** The metrics port's samples of a name: their labels and their values. */
async function samples(name: string): Promise<[labels: string, value: number][]> {
  const { text } = await request(api.metricsUrl).get('/metrics').expect(200);
  return text.split('\n').flatMap((line) => {
    const [, labels, value] = /^\w+\{(.*)\} (\S+)$/.exec(line.startsWith(`${name}{`) ? line : '') ?? [];
    return labels === undefined ? [] : [[labels, Number(value)] as [string, number]];
  });
}

/** How many requests were measured under these labels. */
async function measured(method: string, route: string, status: number): Promise<number> {
  const { value } = await scrape(Number(new URL(api.metricsUrl).port));
  const labels = { method, route, status: String(status) };
  return value('automation_http_request_duration_seconds_count', labels) ?? 0;
}

const ofTenant = async (name: string) =>
  (await samples(name)).filter(([labels]) => labels.includes(`account_id="${tenant.accountId}"`));

test('GET /healthz says that the process is alive, to anyone', async () => {
  const response = await request(api.url).get('/healthz').expect(200);
  expect(response.body).toEqual({ status: 'ok' });
});

test('GET /readyz says that the database answers', async () => {
  const response = await request(api.url).get('/readyz').expect(200);
  expect(response.body).toEqual({ status: 'ready', checks: { database: 'ok' } });
});

test("GET /manifest is the seed's, with its limits and the codes of its contract", async () => {
  const response = await request(api.url).get('/manifest').expect(200);
  expect(response.body).toEqual({
    id: 'com.r3e.services.automation',
    version: '1.0.0',
    layer: 'service',
    name: 'automation',
    description: 'Automation jobs and schedulers',
    depends_on: ['store', 'svc-accounts', 'svc-functions'],
    requires_apis: ['store', 'event', 'compute'],
    capabilities: ['automation'],
    resources: {
      max_storage_bytes: 314_572_800,
      max_concurrent_requests: 1_000,
      max_requests_per_second: 5_000,
      max_events_per_second: 1_000,
    },
    job_status_codes: { active: 0, completed: 1, paused: 2 },
  });
});

describe("the seed's metrics, on a port of their own", () => {
  test('a create, a change and a disabling are counted by account, the enabled state shown by job', async () => {
    const job = await createJob(tenant);
    const path = `/automation/jobs/${String(job['id'])}`;
    const labels = (label: string): unknown =>
      expect.stringMatching(new RegExp(`(^|,)${label}="(${tenant.accountId}|${String(job['id'])})"`));
    expect(await ofTenant('automation_jobs_created_total')).toEqual([[labels('account_id'), 1]]);
    expect(await ofTenant('automation_jobs_updated_total')).toEqual([]);
    expect(await ofTenant('automation_job_enabled')).toEqual([[labels('job_id'), 1]]);
    await tenant.patch(path, { description: 'changed' });
    await tenant.delete(path);
    expect(await ofTenant('automation_jobs_created_total')).toEqual([[labels('account_id'), 1]]);
    expect(await ofTenant('automation_jobs_updated_total')).toEqual([[labels('account_id'), 2]]);
    expect(await ofTenant('automation_job_enabled')).toEqual([[labels('job_id'), 0]]);
  });

  test('what was refused or changed nothing is not counted', async () => {
    const job = await createJob(tenant);
    const path = `/automation/jobs/${String(job['id'])}`;
    const before = await Promise.all(
      ['automation_jobs_created_total', 'automation_jobs_updated_total'].map(ofTenant),
    );
    await createJob(tenant, { name: job['name'] });
    await createJob(tenant, { schedule: '* *' });
    await tenant.patch(path, {});
    await tenant.patch(path, { max_runs: -1 });
    await tenant.patch(path, { name: 'x' }, { 'If-Match': '"9"' });
    const after = await Promise.all(
      ['automation_jobs_created_total', 'automation_jobs_updated_total'].map(ofTenant),
    );
    expect(after).toEqual(before);
  });

  test('the api port does not show them, the metrics port has no api', async () => {
    await request(api.url).get('/metrics').expect(404);
    await request(api.metricsUrl).get('/automation/jobs').expect(404);
    await request(api.metricsUrl).get('/healthz').expect(200);
    const ready = await request(api.metricsUrl).get('/readyz').expect(200);
    expect(ready.body).toEqual({ status: 'ready', checks: { database: 'ok' } });
  });
});

describe('requests are measured by method, route and status', () => {
  test.each([
    ['get', '/automation/jobs/unknown', '/automation/jobs/{id}', 404],
    ['head', '/automation/jobs/unknown', '/automation/jobs/{id}', 404],
    ['put', '/automation/jobs/unknown', '/automation/jobs/{id}', 405],
    ['get', '/automation/schedules/preview', '/automation/schedules/preview', 405],
    ['get', '/docs/start.js', '/docs', 200],
    ['get', '/automation/jobs/x/y', 'unmatched', 404],
    ['get', '/docs/nothing', 'unmatched', 404],
  ] as const)('%s %s as %s, %d', async (method, path, route, status) => {
    const label = method.toUpperCase();
    const before = await measured(label, route, status);
    await request(api.url)[method](path).set('Authorization', `Bearer ${tenant.key}`).expect(status);
    // The answer is there a moment before it is measured.
    await waitUntil(async () => (await measured(label, route, status)) === before + 1);
  });

  test('no URL is ever a route: its labels are the paths of the OpenAPI document', async () => {
    await request(api.url).get('/automation/executions/some-id?q=1');
    const { body }: Response = await request(api.url).get('/openapi.json');
    const paths = Object.keys(recordOf(recordOf(body)['paths']));
    const { metrics } = await scrape(Number(new URL(api.metricsUrl).port));
    const duration = metrics.find(({ name }) => name === 'automation_http_request_duration_seconds');
    const routes = new Set(duration?.samples.map(({ labels }) => labels['route']));
    expect(routes.size).toBeGreaterThan(5);
    expect(paths.concat('/docs', 'unmatched')).toEqual(expect.arrayContaining([...routes]));
  });

  test('methods that the api has nothing for share a label', async () => {
    const before = await measured('other', 'unmatched', 404);
    await request(api.url).trace('/nowhere').expect(404);
    await waitUntil(async () => (await measured('other', 'unmatched', 404)) === before + 1);
  });

  test('one whose client goes before it is answered is a 499', async () => {
    const before = await measured('POST', '/automation/jobs', 499);
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    const head = [
      'POST /automation/jobs HTTP/1.1',
      'Content-Type: application/json',
      'Host: api',
      `X-API-Key: ${tenant.key}`,
      'Content-Length: 9',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{`, () => socket.destroy());
    await waitUntil(async () => (await measured('POST', '/automation/jobs', 499)) === before + 1);
  });
});
