import {
  type AppProcess,
  createTestDatabase,
  type Scrape,
  scrape,
  type TestDatabase,
  waitUntil,
} from '@automation/testing';

import { documentedMetrics, servedMetrics } from './metrics-table.fixture.ts';
import { migrateAll } from './migrate-all.fixture.ts';
import { complaintsOf, hasPromtool } from './promtool.fixture.ts';
import {
  clientOf,
  newFunction,
  newJob,
  openSystem,
  portOf,
  runJob,
  type TestSystem,
  untilStatus,
  urlOf,
} from './system.fixture.ts';

let database: TestDatabase;
let system: TestSystem;
let scrapes: Map<string, Scrape>;

const scrapeOf = (app: AppProcess) => scrape(portOf(app, 'metrics_port'));

/** The product, after one job was run whose function answers at once, and one whose function completes it later. */
beforeAll(async () => {
  database = await createTestDatabase(migrateAll);
  system = await openSystem(database.url);
  const [api, scheduler, worker] = await Promise.all([
    system.start('api'),
    system.start('scheduler'),
    system.start('worker'),
  ]);
  const jobId = await runAnswered(api);
  await runCompleted(api);
  // What is recorded is counted a moment later.
  await waitUntil(
    async () => (await scrapeOf(worker)).value('automation_job_runs_total', { job_id: jobId }) === 1,
  );
  scrapes = new Map([
    ['api', await scrapeOf(api)],
    ['scheduler', await scrapeOf(scheduler)],
    ['worker', await scrapeOf(worker)],
  ]);
});

afterAll(async () => {
  await system.close();
  await database.drop();
});

async function runAnswered(api: AppProcess): Promise<string> {
  const client = clientOf(api);
  const fn = await newFunction(system, client, () => ({ body: {} }));
  const jobId = await newJob(client, fn.id);
  await client.patch(`/automation/jobs/${jobId}`, { description: 'changed' });
  await untilStatus(client, await runJob(client, jobId), 'succeeded');
  return jobId;
}

async function runCompleted(api: AppProcess): Promise<void> {
  const client = clientOf(api);
  const fn = await newFunction(system, client, () => ({ status: 202, body: { async: true } }));
  const id = await runJob(client, await newJob(client, fn.id));
  for (const phase of ['check', 'perform'] as const) {
    const { headers } = await waitUntil(() => fn.calls(phase)[0]);
    const token = String(headers['x-automation-completion-token']);
    const complete = () =>
      fetch(`${urlOf(api)}/automation/executions/${id}/complete`, {
        method: 'POST',
        headers: { 'x-automation-completion-token': token },
      });
    // A 409 says that the 202 is being recorded just now.
    await waitUntil(async () => (await complete()).status === 200, { what: `the ${phase} to be completed` });
  }
}

test("README's table has each metric that is served, with its type, its apps and its labels, and no other", () => {
  expect(servedMetrics(scrapes)).toEqual(documentedMetrics());
});

test('every sample says which service it is of', () => {
  for (const [app, { metrics }] of scrapes) {
    const services = metrics.flatMap(({ samples }) => samples.map(({ labels }) => labels['service']));
    expect([...new Set(services)]).toEqual([app]);
  }
});

if (hasPromtool()) {
  test.each(['api', 'scheduler', 'worker'])("promtool finds no fault with the %s's metrics", (app) => {
    const complaints = complaintsOf(scrapes.get(app)?.text ?? '');
    // prom-client names some of Node's own gauges `_total`.
    expect(complaints.filter((complaint) => !complaint.startsWith('nodejs_'))).toEqual([]);
  });

  test('promtool finds fault with what is none', () => {
    expect(complaintsOf('# TYPE runs counter\nruns 1\n')).not.toEqual([]);
    expect(() => complaintsOf('no metrics at all {\n')).toThrow('promtool ended with');
  });
} else {
  test.todo("promtool has NOT looked at the metrics: install Debian's package prometheus, which has it");
}
