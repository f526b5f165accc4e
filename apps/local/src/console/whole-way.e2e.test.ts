import type { Page } from 'playwright-core';

import { newFunction, newJob, untilStatus, runJob } from '../system.fixture.ts';
import { CHROMIUM, signIn, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessibleInBothThemes } from './expect-accessible.fixture.ts';

const NO_SUCH_ID = '01a00000-0000-7000-8000-000000000000';

let console: TestConsole;

const isOfApi = ({ pathname }: URL) => !pathname.startsWith('/console');

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

async function untilHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await untilHeading(page, name);
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

  test('from signing in to a job that runs, is paused, and is resumed with others', async () => {
    const page = await console.newPage();
    await page.goto(console.url);
    await signIn(page);
    await untilHeading(page, 'Jobs');
    await createFunction(page, 'report');
    await createJob(page, { name: 'daily report', functionName: 'report' });
    await seeItRun(page);
    await button(page, /^Pause$/).click();
    await page.getByText('Paused', { exact: true }).first().waitFor();
    await resumeAll(page);
    const active = await console.client.get('/automation/jobs?status=active');
    expect(active).toMatchObject({ status: 200, items: [{ enabled: true }, { enabled: true }] });
  });

  async function createFunction(page: Page, name: string): Promise<void> {
    const { functions } = console.system;
    functions.script(`/${name}`, () => ({ body: { done: true } }));
    await goTo(page, 'Functions');
    await button(page, 'New function').first().click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('URL').fill(functions.url(`/${name}`));
    await expectAccessibleInBothThemes(page);
    await button(page, 'Create function').click();
    await button(page, 'I have stored it').click();
    await page.getByRole('link', { name }).first().waitFor();
    await expectAccessibleInBothThemes(page);
  }

  async function createJob(page: Page, job: { name: string; functionName: string }): Promise<void> {
    await goTo(page, 'Jobs');
    await page
      .getByRole('link', { name: /^(New|Create the first) job$/ })
      .first()
      .click();
    await untilHeading(page, 'New job');
    await page.getByLabel('Name', { exact: true }).fill(job.name);
    await page.getByRole('combobox', { name: 'Function' }).fill(job.functionName);
    await page.getByRole('option', { name: job.functionName }).click();
    const schedule = page.getByLabel('Schedule', { exact: true });
    await schedule.fill('every day');
    await page.getByText('schedule "every day" must contain 5 fields').first().waitFor();
    await button(page, 'Create job').click();
    await page.locator('input:focus[aria-invalid=true]').waitFor();
    await expectAccessibleInBothThemes(page);
    await schedule.fill('@every 2s');
    await page.getByText('Every 2 seconds').first().waitFor();
    await button(page, 'Create job').click();
    await untilHeading(page, job.name);
  }

  /** Its executions come by themselves, and lead to the latest of them. */
  async function seeItRun(page: Page): Promise<void> {
    const executions = page.getByRole('grid', { name: 'Executions' });
    await executions.getByText('Succeeded').first().waitFor();
    await expectAccessibleInBothThemes(page);
    await executions.getByText('Succeeded').first().click();
    await untilHeading(page, 'Execution');
    await page.getByRole('status').getByText('Succeeded').waitFor();
    await expectAccessibleInBothThemes(page);
    await page.getByRole('link', { name: 'daily report' }).first().click();
    await untilHeading(page, 'daily report');
  }

  async function resumeAll(page: Page): Promise<void> {
    const { items } = await console.client.get('/functions');
    await newJob(console.client, String(items[0]?.['id']), { name: 'another', enabled: false });
    await goTo(page, 'Jobs');
    await page.getByRole('row').filter({ hasText: 'another' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'Name' }).locator('label').click();
    await page.getByText('2 selected').waitFor();
    await expectAccessibleInBothThemes(page);
    await button(page, /^Resume/).click();
    await page.getByRole('grid').getByText('Active').nth(1).waitFor();
    await page.getByText('Resumed 2 jobs').waitFor();
  }

  test('the overview tells who fails and what is paused, and keeps up by itself', async () => {
    const { system, client } = console;
    const failing = await newFunction(system, client, () => ({ status: 422, body: { why: 'no' } }));
    const gone = await newFunction(system, client, () => ({ status: 410 }));
    const page = await console.openPage('/overview');
    await page.getByText('No problems').waitFor();
    await untilStatus(client, await runJob(client, await newJob(client, failing.id)), 'failed');
    await runJob(client, await newJob(client, gone.id, { name: 'old export' }));
    await page.getByRole('table', { name: 'Failing functions' }).getByText('HTTP 422').waitFor();
    await page.getByRole('link', { name: 'old export' }).waitFor();
    await expectAccessibleInBothThemes(page);
    await page.getByRole('link', { name: 'old export' }).click();
    await untilHeading(page, 'old export');
  });

  test('what is not there, and a service that does not answer, are told with what to do', async () => {
    const page = await console.openPage(`/executions/${NO_SUCH_ID}`);
    await page.getByText('Not found', { exact: true }).waitFor();
    await page.getByText(/^Request /).waitFor();
    await expectAccessibleInBothThemes(page);
    await page.route(isOfApi, (route) => route.abort());
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Functions' }).click();
    await page.getByText('No connection').waitFor();
    await page.getByText('Offline', { exact: true }).waitFor();
    await expectAccessibleInBothThemes(page);
    await page.unrouteAll();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('No connection').waitFor({ state: 'detached' });
  });
}
