import type { Page } from 'playwright-core';

import { newFunction, newJob, runJob, untilStatus, urlOf } from '../system.fixture.ts';
import { CHROMIUM, signIn, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const CLIPBOARD = ['clipboard-read', 'clipboard-write'];

let console: TestConsole;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

/** The secret that a dialog shows, which is closed thereby. */
async function takeSecret(page: Page): Promise<void> {
  const secret = await page.getByRole('region', { name: 'Secret' }).innerText();
  await expectAccessible(page);
  await button(page, 'Copy secret').click();
  await page.waitForFunction(`navigator.clipboard.readText().then((text) => text === '${secret}')`);
  await page.keyboard.press('Escape');
  await button(page, 'I have stored it').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(secret);
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

  test('a function is created, shows its secret once, and is tried out (SPEC 5)', async () => {
    const page = await console.openPage('/functions', { permissions: CLIPBOARD, colorScheme: 'light' });
    const path = '/by-hand';
    console.system.functions.script(path, ({ headers }) => ({ body: { tenant: headers['x-tenant'] } }));

    await page.getByText('No functions yet').waitFor();
    await expectAccessible(page);
    await button(page, 'New function').first().click();
    await page.getByLabel('Name', { exact: true }).fill('by hand');
    await page.getByLabel('URL').fill('ftp://example.com/');
    await button(page, 'Create function').click();
    await page.getByText('url must use http or https').waitFor();
    await expectAccessible(page);
    await page.getByLabel('URL').fill(console.system.functions.url(path));
    await button(page, 'Add a header').click();
    await page.getByLabel('Name of header 1').fill('X-Tenant');
    await page.getByLabel('Value of header 1').fill('acme');
    await button(page, 'Create function').click();
    await takeSecret(page);

    await page.getByRole('link', { name: 'by hand' }).click();
    await page.getByRole('heading', { level: 1, name: 'by hand' }).waitFor();
    expect(await page.getByText('acme').count()).toBe(0);
    await page.getByLabel('Payload').fill('{"a": }');
    await page.getByText('expected a value').waitFor();
    await page.getByLabel('Payload').fill('{"a": 1}');
    await button(page, 'Call the function').click();
    await page.getByText('Succeeded, HTTP 200').waitFor();
    expect(await page.getByRole('region', { name: 'Response' }).innerText()).toContain('"tenant": "acme"');
    expect(console.system.functions.calls(path)[0]?.body).toEqual({
      a: 1,
      automation_job: 'test',
      phase: 'check',
    });
    await expectAccessible(page);
  });

  test('a function is changed, given another secret, and deleted once no enabled job uses it (SPEC 5)', async () => {
    const { id } = await newFunction(console.system, console.client, () => ({ body: {} }));
    await console.client.patch(`/functions/${id}`, { name: 'to be deleted' });
    const job = await newJob(console.client, id);
    const page = await console.openPage(`/functions/${id}`, { permissions: CLIPBOARD });
    await button(page, 'Edit').click();
    await page.getByLabel('Time-out in seconds').fill('901');
    await button(page, 'Save').click();
    await page.getByText('timeout_seconds must be less than or equal to 900, got 901').waitFor();
    await page.getByLabel('Time-out in seconds').fill('60');
    await button(page, 'Save').click();
    await page.getByText('60 s').waitFor();

    await button(page, 'Rotate secret').click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByText('requests are signed by the old secret as well').waitFor();
    await takeSecret(page);

    await button(page, 'More actions on to be deleted').click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await button(page, 'Delete function').click();
    await page.getByText('is used by enabled jobs: disable them or give them another function').waitFor();
    await expectAccessible(page);
    await console.client.patch(`/automation/jobs/${job}`, { enabled: false });
    await button(page, 'Delete function').click();
    await page.getByRole('heading', { level: 1, name: 'Functions' }).waitFor();
    await page.getByText('Deleted to be deleted.').waitFor();
    await page.getByRole('link', { name: 'to be deleted' }).waitFor({ state: 'detached' });
  });

  test('how functions do is shown, the worst first, and searched and sorted by the keyboard', async () => {
    const broken = await newFunction(console.system, console.client, () => ({
      status: 404,
      body: 'gone away',
    }));
    const fine = await newFunction(console.system, console.client, () => ({ body: {} }));
    await console.client.patch(`/functions/${broken.id}`, { name: 'z broken' });
    await console.client.patch(`/functions/${fine.id}`, { name: 'a fine one' });
    const failed = await runJob(
      console.client,
      await newJob(console.client, broken.id, { name: 'job of broken' }),
    );
    await untilStatus(console.client, failed, 'failed');
    await untilStatus(
      console.client,
      await runJob(console.client, await newJob(console.client, fine.id)),
      'succeeded',
    );

    const page = await console.openPage('/functions', { colorScheme: 'dark', ...PHONE });
    await rowOf(page, 'z broken').getByText('100 %').waitFor();
    await rowOf(page, 'z broken').getByText('gone away').waitFor();
    await rowOf(page, 'a fine one').getByText('0 %').waitFor();
    const names = async () => {
      const links = await page.getByRole('rowheader').getByRole('link').allInnerTexts();
      return links.filter((name) => name !== 'by hand');
    };
    expect(await names()).toEqual(['z broken', 'a fine one']);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1400, height: 900 });
    await button(page, 'Function').press('Enter');
    expect(await names()).toEqual(['a fine one', 'z broken']);
    await page.getByLabel('Search functions').fill('brok');
    await page.getByRole('link', { name: 'a fine one' }).waitFor({ state: 'detached' });
    await button(page, 'Actions on z broken').press('Enter');
    await page.getByRole('menuitem', { name: 'Edit' }).press('Enter');
    await page.getByRole('dialog', { name: 'Edit z broken' }).press('Escape');
    await button(page, 'Actions on z broken').and(page.locator(':focus')).press('Enter');
    await page.getByRole('menuitem', { name: 'Test call' }).press('Enter');
    await page.getByRole('link', { name: 'job of broken' }).waitFor();
    await page.getByText(/^Last failure/).waitFor();
    await expectAccessible(page);
  });

  test('functions that another service keeps are shown by id, and not offered to be changed', async () => {
    const FUNCTIONS_URL = console.system.functions.url('/directory');
    const url = `${urlOf(await console.system.start('api', { FUNCTIONS_URL }))}/console`;
    const page = await console.newPage();
    await page.goto(`${url}/functions`);
    await signIn(page);
    await page.getByText('Another service keeps the functions').waitFor();
    expect(await button(page, 'New function').count()).toBe(0);
    await page.getByRole('rowheader').getByRole('link').first().click();
    await page.getByText('Another service keeps this function').waitFor();
    await page.getByRole('link', { name: 'job of broken' }).waitFor();
    await expectAccessible(page);
  });
}
