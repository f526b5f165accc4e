import {
  type AppProcess,
  createTestDatabase,
  freePort,
  type ReceivedCall,
  type ReceivedSpan,
  type Script,
  startTraceReceiver,
  type TestDatabase,
  type TraceReceiver,
  waitUntil,
} from '@automation/testing';

import { migrateAll } from './migrate-all.fixture.ts';
import {
  clientOf,
  KEY,
  newFunction,
  newJob,
  openSystem,
  runJob,
  type TestSystem,
  untilStatus,
  urlOf,
  warningsOf,
} from './system.fixture.ts';

let database: TestDatabase;
let system: TestSystem;
let receiver: TraceReceiver;

async function open(): Promise<void> {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  receiver = await startTraceReceiver();
}

async function close(): Promise<void> {
  await system.close();
  await receiver.close();
  await database.drop();
}

const PERFORM = () => ({ body: {} });

type Apps = Record<'api' | 'scheduler' | 'worker', AppProcess>;

async function startApps(env: NodeJS.ProcessEnv): Promise<Apps> {
  const [api, scheduler, worker] = await Promise.all([
    system.start('api', env),
    system.start('scheduler', env),
    system.start('worker', env),
  ]);
  return { api, scheduler, worker };
}

/** A function and its job. */
async function define(apps: Apps, script: Script, definition: object = {}) {
  const api = clientOf(apps.api);
  const fn = await newFunction(system, api, script);
  const jobId = await newJob(api, fn.id, definition);
  return { api, fn, jobId };
}

const traced = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });

const untilSpans = (traceId: string, count: number): Promise<ReceivedSpan[]> =>
  waitUntil(
    () => {
      const spans = receiver.spans.filter((span) => span.traceId === traceId);
      return spans.length >= count && spans;
    },
    { what: `${count} spans of ${traceId}` },
  );

const traceOf = (executionId: string) => executionId.replaceAll('-', '');
const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);
const traceparentOf = ({ traceId, spanId }: ReceivedSpan) => `00-${traceId}-${spanId}-01`;
const traceparents = (calls: ReceivedCall[]) => calls.map(({ headers }) => headers['traceparent']);

/** Stops apps as a deployment does: all that they have to send is sent. */
async function stopAll(apps: Apps): Promise<void> {
  const all = Object.values(apps);
  for (const app of all) app.signal('SIGTERM');
  const exits = await Promise.all(all.map((app) => app.untilExit()));
  expect(exits.map(({ code }) => code)).toEqual(all.map(() => 0));
}

/** How many modules a watched app has loaded. */
const loads = (app: AppProcess) => app.lines.filter(({ text }) => text.startsWith('loaded ')).length;

/** Writes a line for each module of the SDK and its exporter that is loaded. */
const WATCH = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      if (/@opentelemetry.(sdk-trace|exporter|otlp|resources)/.test(url)) console.error('loaded ' + url);
      return next(url, context);
    },
  });`)}`;
const WATCHED = { NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import ${WATCH}` };

/** For so long the exporter tries to send. */
const EXPORT_MS = 10_000;

/** What a worker says of a receiver that is away. */
const SAID = 'warn: cannot send traces, dropping them until it works';

describe('apps that send their traces', () => {
  let apps: Apps;

  beforeAll(async () => {
    await open();
    apps = await startApps({ ...WATCHED, ...traced() });
  });

  afterAll(close);

  test('a manual run is linked to its request, which continues the trace of its caller', async () => {
    const { api, fn, jobId } = await define(apps, PERFORM);
    const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    const run = async (headers: Record<string, string>) => {
      const authorization = `Bearer ${KEY}`;
      const init = { method: 'POST', headers: { authorization, ...headers } };
      const response = await fetch(`${urlOf(apps.api)}/automation/jobs/${jobId}/run`, init);
      const { id }: { id: string } = JSON.parse(await response.text());
      await untilStatus(api, id, 'succeeded');
      return named(await untilSpans(traceOf(id), 3), 'automation.dispatch')[0];
    };

    const dispatch = await run({
      traceparent: `00-${parent.traceId}-${parent.spanId}-01`,
      'x-request-id': 'r1',
    });
    const [request] = await untilSpans(parent.traceId, 1);
    expect(request).toMatchObject({ service: 'automation-api', parentSpanId: parent.spanId });
    expect(request?.attributes).toEqual({ request_id: 'r1', job_id: jobId, account_id: 'admin' });
    expect(dispatch).toMatchObject({ service: 'automation-api', parentSpanId: null });
    expect(dispatch?.attributes).toMatchObject({ trigger: 'manual', outcome: 'ready', function_id: fn.id });
    expect(dispatch?.links).toEqual([{ traceId: parent.traceId, spanId: request?.spanId }]);

    const alone = await run({ traceparent: 'nonsense' });
    const requests = named(receiver.spans, 'POST /automation/jobs/{id}/run');
    const ownRequest = requests.find(
      ({ attributes, parentSpanId }) => attributes['job_id'] === jobId && parentSpanId === null,
    );
    expect(alone?.links).toEqual([{ traceId: ownRequest?.traceId, spanId: ownRequest?.spanId }]);
  });

  test('each attempt is a span, which says what went wrong', async () => {
    const answers = [{ body: {} }, { status: 503 }, { status: 404, body: { error: 'no such report' } }];
    const { api, fn, jobId } = await define(apps, () => answers.shift() ?? 'hang', { retry_limit: 1 });
    const executionId = await runJob(api, jobId);
    await untilStatus(api, executionId, 'failed');
    const spans = await untilSpans(traceOf(executionId), 4);
    const [first, second] = named(spans, 'automation.job.perform');
    expect(first?.attributes).toMatchObject({ attempt: 1, outcome: 'unavailable' });
    expect(first?.attributes['http.response.status_code']).toBe(503);
    expect(first?.error).toMatch(/503/);
    expect(second?.attributes).toMatchObject({ attempt: 2, outcome: 'rejected' });
    expect(second?.attributes['http.response.status_code']).toBe(404);
    expect(second?.error).toMatch(/404/);
    expect(traceparents(fn.calls('perform'))).toEqual(
      [first, second].map((span) => span && traceparentOf(span)),
    );
  });

  test('an attempt that was stopped and a check that declines say so, and are no errors', async () => {
    let answer: 'hang' | { body: object } = 'hang';
    const { api, fn, jobId } = await define(apps, () => answer);
    const cancelled = await runJob(api, jobId);
    await waitUntil(() => fn.calls('check').length === 1);
    await api.post(`/automation/executions/${cancelled}/cancel`);
    const [stopped] = named(await untilSpans(traceOf(cancelled), 2), 'automation.job.check');
    expect(stopped).toMatchObject({ error: null, attributes: { outcome: 'aborted' } });
    expect(traceparents(fn.calls())).toEqual([stopped && traceparentOf(stopped)]);

    answer = { body: { shouldPerform: false } };
    const declined = await runJob(api, jobId);
    const [check] = named(await untilSpans(traceOf(declined), 2), 'automation.job.check');
    expect(check).toMatchObject({ error: null, attributes: { outcome: 'declined' } });
  });

  test('OpenTelemetry is loaded with an endpoint', () => {
    for (const app of Object.values(apps)) expect(loads(app)).toBeGreaterThan(0);
  });

  test('an outage of the receiver is said once for each, and when it is back', async () => {
    receiver.answer(400);
    const { worker } = apps;
    const written = worker.lines.length;
    const { api, jobId } = await define(apps, PERFORM);
    const refusedOften = async () => {
      const before = receiver.requests();
      while (receiver.requests() < before + 6) {
        const seen = receiver.requests();
        await untilStatus(api, await runJob(api, jobId), 'succeeded');
        await waitUntil(() => receiver.requests() > seen);
      }
    };
    await refusedOften();
    expect(warningsOf(worker, written)).toEqual([SAID]);
    receiver.answer(200);
    const executionId = await runJob(api, jobId);
    await untilSpans(traceOf(executionId), 3);
    await worker.untilLine('traces are sent again');
    receiver.answer(400);
    await refusedOften();
    expect(warningsOf(worker, written)).toEqual([SAID, SAID]);
  });
});

describe('apps of their own', () => {
  beforeEach(open);

  afterEach(close);

  test('an occurrence is one trace from its due time through both queues into the function', async () => {
    const apps = await startApps(traced());
    const dueAt = Math.ceil(Date.now() / 1_000) * 1_000 + 2_000;
    const schedule = `@at ${new Date(dueAt).toISOString()}`;
    const { api, fn, jobId } = await define(apps, PERFORM, { schedule });
    const execution = await waitUntil(
      async () => (await api.get(`/automation/jobs/${jobId}/executions`)).items[0],
      { timeoutMs: 20_000 },
    );
    const executionId = String(execution['id']);
    await untilStatus(api, executionId, 'succeeded');
    const spans = await untilSpans(traceOf(executionId), 3);

    const ids = {
      execution_id: executionId,
      job_id: jobId,
      account_id: 'admin',
      function_id: fn.id,
      trigger: 'schedule',
    };
    const [dispatch, check, perform] = spans.toSorted((one, other) => one.startedAt - other.startedAt);
    expect(dispatch).toMatchObject({
      service: 'automation-scheduler',
      name: 'automation.dispatch',
      links: [],
    });
    expect(dispatch).toMatchObject({ parentSpanId: null, startedAt: dueAt, error: null });
    expect(dispatch?.endedAt).toBeGreaterThanOrEqual(dueAt);
    const scheduledFor = new Date(dueAt).toISOString().replace('.000', '');
    expect(dispatch?.attributes).toEqual({ ...ids, scheduled_for: scheduledFor, outcome: 'ready' });
    for (const [span, phase] of [
      [check, 'check'],
      [perform, 'perform'],
    ] as const) {
      expect(span).toMatchObject({
        service: 'automation-worker',
        name: `automation.job.${phase}`,
        error: null,
      });
      expect(span?.parentSpanId).toBe(dispatch?.spanId);
      expect(span?.attributes).toEqual({
        ...ids,
        phase,
        attempt: 1,
        outcome: 'succeeded',
        'http.response.status_code': 200,
      });
      expect(traceparents(fn.calls(phase))).toEqual([span && traceparentOf(span)]);
    }
    await stopAll(apps);
    expect(receiver.spans).toHaveLength(3);
  });

  test('what is not sampled is not sent, and the function is told not to record it either', async () => {
    const env = { ...traced(), OTEL_TRACES_SAMPLER: 'parentbased_always_off' };
    const apps = await startApps(env);
    const { api, fn, jobId } = await define(apps, PERFORM);
    const executionId = await runJob(api, jobId);
    await untilStatus(api, executionId, 'succeeded');
    for (const traceparent of traceparents(fn.calls()))
      expect(traceparent).toMatch(new RegExp(`^00-${traceOf(executionId)}-[0-9a-f]{16}-00$`));
    await stopAll(apps);
    expect(receiver.requests()).toBe(0);
  });

  test('of a share of the traces each is there as a whole or not at all', async () => {
    const env = {
      ...traced(),
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    };
    const apps = await startApps(env);
    const { api, fn, jobId } = await define(apps, PERFORM, { overlap_policy: 'allow' });
    const executionIds = await Promise.all(Array.from({ length: 20 }, () => runJob(api, jobId)));
    for (const executionId of executionIds) await untilStatus(api, executionId, 'succeeded');
    await stopAll(apps);
    const sampled = new Set(
      traceparents(fn.calls())
        .filter((traceparent) => String(traceparent).endsWith('-01'))
        .map((traceparent) => String(traceparent).split('-')[1]),
    );
    // Of 20 none or all in one of 500,000 test runs.
    expect(sampled.size).toBeGreaterThan(0);
    expect(sampled.size).toBeLessThan(20);
    const ours = receiver.spans.filter(({ name }) => name.startsWith('automation.'));
    const byTrace = Map.groupBy(ours, ({ traceId }) => traceId);
    expect(new Set(byTrace.keys())).toEqual(sampled);
    expect([...byTrace.values()].map((spans) => spans.length)).toEqual([...sampled].map(() => 3));
  });

  test('OpenTelemetry is not loaded without an endpoint; the function gets its traceparent all the same', async () => {
    const apps = await startApps(WATCHED);
    const { api, fn, jobId } = await define(apps, PERFORM);
    const executionId = await runJob(api, jobId);
    await untilStatus(api, executionId, 'succeeded');
    const [check, perform] = traceparents(fn.calls());
    for (const traceparent of [check, perform])
      expect(traceparent).toMatch(new RegExp(`^00-${traceOf(executionId)}-(?!0{16})[0-9a-f]{16}-01$`));
    expect(check).not.toBe(perform);
    await stopAll(apps);
    expect(Object.values(apps).map(loads)).toEqual([0, 0, 0]);
  });

  test('a receiver that is away holds up neither executions nor the end, and is said once', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
    const apps = await startApps(env);
    const { api, jobId } = await define(apps, PERFORM);
    const startedAt = Date.now();
    await untilStatus(api, await runJob(api, jobId), 'succeeded');
    expect(Date.now() - startedAt).toBeLessThan(EXPORT_MS);
    const stoppedAt = Date.now();
    await stopAll(apps);
    expect(Date.now() - stoppedAt).toBeLessThan(EXPORT_MS);
    expect(warningsOf(apps.worker)).toEqual([SAID]);
  });
});
