import { unique, waitUntil } from '@automation/testing';

import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

let workers: TestWorkers;

beforeAll(async () => {
  workers = await openTestWorkers();
});

afterEach(() => workers.stopAll());

afterAll(() => workers.dispose());

const SECRET = 'whsec_dGVzdCBzZWNyZXQ=';

/** A worker that asks an external service for functions; the service knows what `tell` says. */
async function setup() {
  const base = `/${unique('service')}`;
  const { server } = workers;
  await workers.start({ FUNCTIONS_URL: server.url(base), FUNCTIONS_TOKEN: 'service-token' });
  const address = (id: string) => `${base}/functions/${id}`;
  return {
    asked: (id: string) => server.calls(address(id)),
    /** The service keeps that function from now on; with a status of its own it answers nothing else. */
    tell: (job: { accountId: string; functionId: string }, record: object = {}, status = 200) => {
      const path = `/run/${job.functionId}`;
      const { functionId: id, accountId: account_id } = job;
      const body = { id, account_id, url: server.url(path), secret: SECRET, ...record };
      server.script(address(id), () => ({ status, body }));
      return path;
    },
  };
}

test('a function is invoked as the external service knows it, whatever stands in our own table (SPEC 5)', async () => {
  const service = await setup();
  const { job, path: builtIn } = await workers.newJob();
  const path = service.tell(job, { headers: { 'X-Token': 'mine', 'X-AUTOMATION-JOB': 'forged' } });
  workers.server.script(path, () => ({ body: { done: true } }));
  const { status } = await workers.untilFinished(await workers.run(job));
  expect(status).toBe('succeeded');
  expect(workers.server.calls(builtIn)).toEqual([]);
  expect(workers.server.calls(path)[0]?.headers).toMatchObject({
    'x-token': 'mine',
    'x-automation-job': job.id,
    'webhook-signature': expect.stringMatching(/^v1,/),
  });
  expect(service.asked(job.functionId)[0]?.headers).toMatchObject({
    authorization: 'Bearer service-token',
    'x-automation-account': job.accountId,
  });
});

test('one request asks for the function of many executions', async () => {
  const service = await setup();
  const { job } = await workers.newJob({ overlapPolicy: 'allow' });
  workers.server.script(service.tell(job), () => ({ body: { shouldPerform: false } }));
  const runs = await Promise.all(Array.from({ length: 20 }, () => workers.run(job)));
  for (const run of runs) expect((await workers.untilFinished(run)).status).toBe('declined');
  expect(service.asked(job.functionId)).toHaveLength(1);
});

test.each([
  { job: 1, fn: 60, which: "the job's" },
  { job: null, fn: 1, which: "the function's" },
])('the time-out is $which', async ({ job: timeoutSeconds, fn }) => {
  const service = await setup();
  const { job } = await workers.newJob({ timeoutSeconds, retryLimit: 0 });
  workers.server.script(service.tell(job, { timeout_seconds: fn }), () => 'hang');
  const { status, reason } = await workers.untilFinished(await workers.run(job));
  expect({ status, reason }).toEqual({ status: 'timed_out', reason: 'check: no complete answer within 1 s' });
});

test('a function that the service does not know fails the execution for good', async () => {
  await setup();
  const { job } = await workers.newJob();
  const { status, reason } = await workers.untilFinished(await workers.run(job));
  expect({ status, reason }).toEqual({
    status: 'failed',
    reason: `check: function ${job.functionId} no longer exists`,
  });
});

test('while the service is down executions wait, and use up no attempts', async () => {
  const service = await setup();
  const { job } = await workers.newJob({ retryLimit: 0 });
  service.tell(job, {}, 500);
  const run = await workers.run(job);
  const waiting = await waitUntil(async () => {
    const found = await workers.find(run);
    return found.reason !== null && found;
  });
  expect(waiting).toMatchObject({ check: null, reason: 'the functions service is not available' });
  workers.server.script(service.tell(job), () => ({ body: {} }));
  const finished = await waitUntil(async () => {
    await workers.skipDelays();
    const found = await workers.find(run);
    return found.completedAt !== null && found;
  });
  expect(finished).toMatchObject({ status: 'succeeded', reason: null, check: { attempts: 1 } });
});
