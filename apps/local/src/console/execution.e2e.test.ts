import type { Page } from 'playwright-core';

import { newFunction, newJob, runJob, type ScriptedFunction, untilStatus } from '../system.fixture.ts';
import { CHROMIUM, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';

const PHONE = { width: 390, height: 844 };

let console: TestConsole;

/** Waits until an execution's page says what has become of it. */
const untilSaid = (page: Page, status: string) =>
  page.getByRole('status').filter({ hasText: status }).waitFor();

async function openExecution(
  id: string,
  options: Parameters<TestConsole['openPage']>[1] = {},
): Promise<Page> {
  return console.openPage(`/executions/${id}`, options);
}

/** Its first perform fails, and the second one answers with logs. */
async function flakyFunction(): Promise<ScriptedFunction> {
  let performs = 0;
  return newFunction(console.system, console.client, ({ body }) => {
    if (body['phase'] === 'check') return { body: {} };
    performs += 1;
    if (performs === 1) return { status: 503, body: { error: 'overloaded' } };
    return {
      headers: { 'content-type': 'application/vnd.automation.execution+json' },
      body: { output: { sent: 3 }, logs: ['sent to ada', 'sent to grace'], error: '', status: 'success' },
    };
  });
}

if (CHROMIUM === null) {
  test.todo('NOT CHECKED, chromium is not on PATH: the console in a browser');
} else {
  const chromium = CHROMIUM;

  beforeAll(async () => {
    console = await startConsole(chromium, { runsJobs: true });
  });

  afterEach(() => console.closePages());

  afterAll(() => console.close());

  test('shows where the time went, each attempt with its backoff, requests, responses, logs and a curl', async () => {
    const flaky = await flakyFunction();
    const job = await newJob(console.client, flaky.id, { name: 'flaky report', payload: { region: 'eu' } });
    const first = await runJob(console.client, job);
    await untilStatus(console.client, first, 'succeeded');
    const second = await runJob(console.client, job);
    await untilStatus(console.client, second, 'succeeded');

    const page = await openExecution(first, { colorScheme: 'light' });
    await untilSaid(page, 'Succeeded');
    for (const step of [/^Queued/, /^Check HTTP 200/, /^Perform HTTP 503/, /^Perform attempt 2, HTTP 200/]) {
      await page.getByRole('rowheader', { name: step }).waitFor();
    }
    await page.getByRole('img', { name: /wait .*, backoff/ }).waitFor();
    const attempts = page.getByRole('table', { name: 'Attempts of the perform' });
    await attempts.getByText('1. Failed, HTTP 503').waitFor();
    await attempts.getByText('overloaded').waitFor();
    const textOf = (label: string) => page.getByRole('region', { name: label, exact: true }).innerText();
    expect(JSON.parse(await textOf('Check request'))).toMatchObject({ region: 'eu', automation_job: job });
    expect(JSON.parse(await textOf('Perform response'))).toEqual({ sent: 3 });
    expect(await textOf('Perform logs')).toBe('sent to ada\nsent to grace');
    await page.getByText('Replay the perform by curl').click();
    expect(await textOf('The perform as curl')).toContain(`-H 'Idempotency-Key: ${first}:perform'`);
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Next' }).click();
    await page.waitForURL(`**/executions/${second}`);
    await page.getByRole('button', { name: 'Next' }).waitFor();
    await page.getByRole('link', { name: 'Previous' }).click();
    await page.waitForURL(`**/executions/${first}`);
    await page.getByRole('link', { name: 'flaky report' }).click();
    await page.waitForURL(`**/jobs/${job}`);
  });

  test('follows an execution that is under way without a reload, and cancels it once that is confirmed (SPEC 5)', async () => {
    const hanging = await newFunction(console.system, console.client, ({ body }) =>
      body['phase'] === 'check' ? { body: {} } : 'hang',
    );
    const id = await runJob(console.client, await newJob(console.client, hanging.id));
    const page = await openExecution(id, {
      colorScheme: 'dark',
      viewport: PHONE,
      hasTouch: true,
      isMobile: true,
    });
    await untilSaid(page, 'Performing');
    await page.getByRole('rowheader', { name: 'Perform no answer yet' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Cancel execution' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Cancel this execution?' });
    await dialog.waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel execution' }).click();
    await untilSaid(page, 'Cancelled');
    await page.getByText('cancelled by request').waitFor();
    expect(await page.getByRole('button', { name: 'Cancel execution' }).count()).toBe(0);
  });

  test('a check that said no has no perform, and why one failed is told as the api words it', async () => {
    const declining = await newFunction(console.system, console.client, () => ({
      body: { shouldPerform: false },
    }));
    const declined = await runJob(console.client, await newJob(console.client, declining.id));
    const gone = await newFunction(console.system, console.client, () => ({
      status: 404,
      body: 'no such report',
    }));
    const failed = await runJob(console.client, await newJob(console.client, gone.id));
    const page = await openExecution(declined);
    await untilSaid(page, 'Declined');
    await page.getByText('The check said that there is nothing to do.').waitFor();
    await page.goto(`${console.url}/executions/${failed}`);
    await untilSaid(page, 'Failed');
    await page.getByText(/^check: HTTP 404 .*no such report/).waitFor();
    await expectAccessible(page);
  });

  test('an execution that there is not is said to be missing, with the id of the request and a way to try again', async () => {
    const page = await openExecution('01890000-0000-7000-8000-000000000000');
    const alert = page.getByRole('alert');
    await alert.getByRole('heading', { name: 'Not found' }).waitFor();
    await alert.getByText(/^Request [0-9a-f-]{36}$/).waitFor();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expectAccessible(page);
  });
}
