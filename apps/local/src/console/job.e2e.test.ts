import type { Script } from '@automation/testing';
import type { Page } from 'playwright-core';

import { newFunction, newJob, runJob, untilStatus } from '../system.fixture.ts';
import { CHROMIUM, signIn, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** More than a page of them. */
const MANY_RUNS = 60;

let console: TestConsole;

const failIfAsked: Script = ({ body }) =>
  body['fails'] === true && body['phase'] === 'perform' ? { status: 400, body: {} } : { body: {} };

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const timeline = (page: Page) => page.getByRole('listbox', { name: 'Executions and runs to come' });
const table = (page: Page) => page.getByRole('grid', { name: 'Executions' });

if (CHROMIUM === null) {
  test.todo('NOT CHECKED, chromium is not on PATH: the page of a job');
} else {
  const chromium = CHROMIUM;
  let functionId = '';

  beforeAll(async () => {
    console = await startConsole(chromium, { runsJobs: true });
    functionId = (await newFunction(console.system, console.client, failIfAsked)).id;
  });

  afterEach(() => console.closePages());

  afterAll(() => console.close());

  test('a run that is started is seen to end without a reload, in the timeline, the table and the figures', async () => {
    const id = await newJob(console.client, functionId, { name: 'live', payload: { fails: true } });
    const page = await console.openPage(`/jobs/${id}`, { colorScheme: 'dark' });
    await page.getByText('It has not run yet.').first().waitFor();
    await timeline(page).getByRole('option', { name: 'To come' }).first().waitFor();
    await expectAccessible(page);
    await button(page, 'Run now').click();
    await page.getByText('Started a run of live.').waitFor();
    await timeline(page)
      .getByRole('option', { name: /^Failed/ })
      .waitFor();
    await table(page)
      .getByRole('row', { name: /Failed/ })
      .waitFor();
    await page.getByText('0 %').first().waitFor();
    await expectAccessible(page);

    // The timeline is walked by the keyboard, and leads to the execution.
    await timeline(page)
      .getByRole('option', { name: /^Failed/ })
      .focus();
    await page.keyboard.press('ArrowRight');
    await timeline(page).locator(':focus[aria-label^="To come"]').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/executions\//);
  });

  test('a job is paused at once, and the message that tells of it takes it back', async () => {
    const id = await newJob(console.client, functionId, { name: 'pausable' });
    const page = await console.openPage(`/jobs/${id}`, { colorScheme: 'light' });
    await button(page, 'Pause').click();
    await page.getByText('Paused pausable.').waitFor();
    await button(page, 'Resume').waitFor();
    expect((await console.client.get(`/automation/jobs/${id}`)).body['status']).toBe('paused');
    await button(page, 'Undo').click();
    await page.getByText('Resumed pausable.').waitFor();
    await button(page, 'Pause').waitFor();
    expect((await console.client.get(`/automation/jobs/${id}`)).body['status']).toBe('active');
    await expectAccessible(page);
  });

  test('a field is edited in its place: what is wrong is told there, escape leaves it, and the focus goes on from it', async () => {
    const id = await newJob(console.client, functionId, { name: 'edited' });
    const page = await console.openPage(`/jobs/${id}`, { colorScheme: 'light', ...PHONE });
    await button(page, 'Edit schedule').click();
    const schedule = page.getByRole('textbox', { name: 'Schedule' });
    await schedule.fill('sometimes');
    await schedule.press('Enter');
    await page.getByText('schedule "sometimes" must contain 5 fields').waitFor();
    await expectAccessible(page);
    await schedule.press('Escape');
    await page.getByText('@yearly', { exact: true }).waitFor();
    await button(page, 'Edit schedule').and(page.locator(':focus')).waitFor();

    await button(page, 'Edit retries').click();
    await page.getByRole('textbox', { name: 'Retries' }).fill('7');
    await console.client.patch(`/automation/jobs/${id}`, { description: 'by somebody else' });
    await button(page, 'Save').click();
    await page.getByRole('alert').getByText('by somebody else').waitFor();
    await button(page, 'Load it and keep my changes').click();
    await button(page, 'Save').click();
    await button(page, 'Edit retries').waitFor();
    const { body } = await console.client.get(`/automation/jobs/${id}`);
    expect(body).toMatchObject({ retry_limit: 7, description: 'by somebody else', schedule: '@yearly' });
  });

  test('all executions are in the table, read page by page as it is scrolled, and can be had by outcome', async () => {
    const definition = { name: 'busy', overlap_policy: 'allow' };
    const id = await newJob(console.client, functionId, definition);
    let last = '';
    for (let runs = 0; runs < MANY_RUNS; runs += 1) last = await runJob(console.client, id);
    await untilStatus(console.client, last, 'succeeded');
    const page = await console.openPage(`/jobs/${id}`, { colorScheme: 'light' });
    await table(page).getByRole('row').nth(1).waitFor();
    // Those in view are drawn, and no others.
    expect(await table(page).getByRole('row').count()).toBeLessThan(MANY_RUNS / 2);
    await untilRow(page, MANY_RUNS + 1);
    await page.getByRole('button', { name: /Outcome/ }).click();
    await page.getByRole('option', { name: 'Failed' }).click();
    await page.getByText('None has this outcome.').waitFor();
    expect(new URL(page.url()).search).toBe('?status=failed');
    await expectAccessible(page);
  });

  /** Scrolls the table until it has the row of that number, the head being the first. */
  async function untilRow(page: Page, number: number): Promise<void> {
    const row = table(page).locator(`[aria-rowindex="${number}"]`);
    await table(page).hover();
    while ((await row.count()) === 0) await page.mouse.wheel(0, 1_000);
  }

  test('an occurrence that is unaccounted for is not to be overlooked', async () => {
    const id = await newJob(console.client, functionId, { name: 'lossy' });
    const audit = (await console.client.get(`/automation/jobs/${id}/audit`)).body;
    const page = await console.newPage({ colorScheme: 'dark' });
    await page.route('**/audit', (route) => route.fulfill({ json: { ...audit, unaccounted: 3 } }));
    await page.goto(`${console.url}/jobs/${id}`);
    await signIn(page);
    await page.getByRole('alert').getByText('3 occurrences are unaccounted for').waitFor();
    await expectAccessible(page);
  });

  test('a job that is not there is said so with the id of the request, and a key that may only read is offered no changes', async () => {
    const page = await console.openPage('/jobs/01900000-0000-7000-8000-000000000000', {
      colorScheme: 'dark',
    });
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    await page.getByText(/^Request [0-9a-f-]{36}$/).waitFor();
    await expectAccessible(page);

    const id = await newJob(console.client, functionId, { name: 'seen' });
    const { body } = await console.client.post('/accounts/admin/api-keys', {
      name: 'reads',
      scopes: ['read'],
    });
    const reader = await console.newPage({ colorScheme: 'light' });
    await reader.goto(`${console.url}/jobs/${id}`);
    await signIn(reader, String(body['key']));
    await reader.getByRole('heading', { level: 1, name: 'seen' }).waitFor();
    await reader.getByRole('heading', { name: 'Configuration' }).waitFor();
    expect(await reader.getByRole('button', { name: /Run now|Pause|Edit/ }).count()).toBe(0);
  });
}
