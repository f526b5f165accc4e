import type { Page } from 'playwright-core';

import { newFunction, newJob } from '../system.fixture.ts';
import { CHROMIUM, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';

let console: TestConsole;

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

async function chooseFunction(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Function' }).click();
  await page.getByRole('option').first().click();
}

if (CHROMIUM === null) {
  test.todo('NOT CHECKED, chromium is not on PATH: the form of a job');
} else {
  const chromium = CHROMIUM;
  let functionId = '';

  beforeAll(async () => {
    console = await startConsole(chromium);
    functionId = (await newFunction(console.system, console.client, () => ({ body: {} }))).id;
  });

  afterEach(() => console.closePages());

  afterAll(() => console.close());

  test('what is missing or wrong is told at its field as the api words it, and the runs of a schedule are shown as it is typed', async () => {
    const page = await console.openPage('/jobs/new', { colorScheme: 'dark', timezoneId: 'Europe/London' });
    await page.getByRole('button', { name: 'Create job' }).click();
    await page.getByText('required: function_id').waitFor();
    await page.getByText('required: schedule').waitFor();
    // The focus leads to the first of them.
    await field(page, 'Name').and(page.locator(':focus')).waitFor();
    await expectAccessible(page);

    await field(page, 'Name').fill('standup digest');
    await chooseFunction(page);
    await field(page, 'Schedule').fill('30 1 * 11');
    await page.getByText('schedule "30 1 * 11" must contain 5 fields').waitFor();
    await field(page, 'Schedule').fill('30 1 * 11 SUN');
    await page.getByRole('combobox', { name: 'Time zone' }).fill('America/New_Yor');
    await page.getByText('timezone "America/New_Yor" is not an IANA time zone').waitFor();
    await page.getByRole('option', { name: 'America/New_York' }).click();
    await page.getByText('At 01:30, only on Sunday, only in November').waitFor();
    // In UTC and in the zone that was chosen, with the day on which the clocks go back.
    const runs = page.getByRole('region', { name: 'Next runs' });
    await runs.getByRole('columnheader', { name: 'America/New_York' }).waitFor();
    await runs.getByText('01:30 happens twice, runs only the first time').first().waitFor();
    expect(await runs.getByText('01:30').count()).toBeGreaterThanOrEqual(10);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Create job' }).click();
    await page.getByRole('heading', { level: 1, name: 'standup digest' }).waitFor();
    const { body } = await console.client.get(
      new URL(page.url()).pathname.replace('/console', '/automation'),
    );
    expect(body).toMatchObject({ timezone: 'America/New_York', function_id: functionId, retry_limit: 2 });
  });

  test('JSON that is none is shown with its place and not sent; a name that is taken is told at the name; leaving asks first', async () => {
    await newJob(console.client, functionId, { name: 'taken' });
    const page = await console.openPage('/jobs/new', { colorScheme: 'light' });
    await field(page, 'Name').fill('Taken');
    await chooseFunction(page);
    await page.getByRole('button', { name: 'Hourly' }).click();
    await field(page, 'Payload').fill('{\n  "a": 1\n  "b": 2\n}');
    await page.getByText('Line 3, column 3: expected a comma or }').waitFor();
    await page.getByRole('button', { name: 'Create job' }).click();
    await field(page, 'Payload').and(page.locator(':focus')).waitFor();
    await expectAccessible(page);

    await field(page, 'Payload').fill('{"a": 1}');
    await page.getByRole('button', { name: 'Advanced' }).click();
    await field(page, 'Retries').fill('many');
    await page.getByRole('button', { name: 'Create job' }).click();
    await page.getByText('retry_limit must be a number, got "many"').waitFor();
    await field(page, 'Retries').fill('3');
    await page.getByRole('button', { name: 'Create job' }).click();
    await page.getByText('job with name "Taken" already exists').waitFor();
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Cancel' }).click();
    const question = page.getByRole('alertdialog', { name: 'Leave without saving?' });
    await question.waitFor();
    await expectAccessible(page);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await question.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
  });

  test('a job that was changed meanwhile is not overwritten: what changed is shown, and what was typed stays', async () => {
    const id = await newJob(console.client, functionId, { name: 'shared', schedule: '@daily' });
    const page = await console.openPage(`/jobs/${id}/edit`, { colorScheme: 'light' });
    await field(page, 'Schedule').fill('@weekly');
    await console.client.patch(`/automation/jobs/${id}`, { description: 'by somebody else' });
    await page.getByRole('button', { name: 'Save' }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'was changed while you were editing it' });
    await notice.getByText('by somebody else').waitFor();
    await expectAccessible(page);
    await notice.getByRole('button').click();
    expect(await field(page, 'Description').inputValue()).toBe('by somebody else');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'shared', exact: true }).waitFor();
    const { body } = await console.client.get(`/automation/jobs/${id}`);
    expect(body).toMatchObject({ schedule: '@weekly', description: 'by somebody else' });
  });

  test('a duplicate begins as the job is, under another name, and is made once though the answer is lost', async () => {
    const id = await newJob(console.client, functionId, { name: 'original', payload: { deep: [1] } });
    const page = await console.openPage(`/jobs/${id}`, { colorScheme: 'light' });
    await page.getByRole('link', { name: 'Duplicate' }).click();
    await page.getByRole('heading', { level: 1, name: 'Duplicate a job' }).waitFor();
    expect(await field(page, 'Name').inputValue()).toBe('original (copy)');
    expect(JSON.parse(await field(page, 'Payload').inputValue())).toEqual({ deep: [1] });
    await page.route('**/automation/jobs', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Create job' }).click();
    await page.getByRole('alert').getByText('The service cannot be reached.').waitFor();
    await page.unroute('**/automation/jobs');
    await page.getByRole('button', { name: 'Create job' }).click();
    await page.getByRole('heading', { level: 1, name: 'original (copy)' }).waitFor();
  });
}
