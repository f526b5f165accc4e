import { gzipSync } from 'node:zlib';

import type { Page } from 'playwright-core';

import { KEY } from '../system.fixture.ts';
import { CHROMIUM, signIn, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible, expectAccessibleInBothThemes } from './expect-accessible.fixture.ts';

// A busy machine takes its time to start processes.
import.meta.jest.setTimeout(60_000);

const FIRST_LOAD_BYTES = 300_000;
const PHONE = { width: 390, height: 844 };

let console: TestConsole;

async function untilHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

if (CHROMIUM === null) {
  test.todo('NOT CHECKED, chromium is not on PATH: the console in a browser');
} else {
  const chromium = CHROMIUM;

  beforeAll(async () => {
    console = await startConsole(chromium);
  });

  afterEach(() => console.closePages());

  afterAll(() => console.close());

  test('a wrong key is refused with a word, a right one leads to the page that was asked for, and never into an address', async () => {
    const page = await console.newPage();
    await page.goto(`${console.url}/functions`);
    await expectAccessible(page);
    await page.getByLabel('API key').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The service does not know this key').waitFor();
    await expectAccessible(page);
    await signIn(page);
    await untilHeading(page, 'Functions');
    expect(page.url()).toBe(`${console.url}/functions`);
  });

  test('whose account it is is shown, and a reload of the tab keeps the session until it is ended', async () => {
    const page = await console.openPage('/');
    await untilHeading(page, 'Jobs');
    await page.reload();
    await page.getByRole('button', { name: 'Account admin' }).click();
    await expectAccessible(page);
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toContain(KEY);
  });

  test('a key that is revoked ends the session, and the page says why', async () => {
    const { body } = await console.client.post('/accounts/admin/api-keys', { name: 'short-lived' });
    const page = await console.newPage();
    await page.goto(console.url);
    await signIn(page, String(body['key']));
    // Without the scope admin there is no overview.
    expect(await page.getByRole('link', { name: 'Overview' }).count()).toBe(0);
    await revoke(String(body['id']));
    await page.getByText('does not take the API key any more').waitFor();
    await expectAccessible(page);
  });

  async function revoke(keyId: string): Promise<void> {
    const address = new URL(`/accounts/admin/api-keys/${keyId}`, console.url);
    const { ok } = await fetch(address, { method: 'DELETE', headers: { authorization: `Bearer ${KEY}` } });
    expect(ok).toBe(true);
  }

  test('every page is accessible on a phone, in light and in dark', async () => {
    const page = await console.openPage('/nowhere', { viewport: PHONE, hasTouch: true, isMobile: true });
    await untilHeading(page, 'Page not found');
    await expectAccessibleInBothThemes(page);
    for (const name of ['Jobs', 'Functions', 'Overview']) {
      await page.getByRole('link', { name, exact: true }).click();
      await untilHeading(page, name);
      await expectAccessibleInBothThemes(page);
    }
  });

  test('a theme that is chosen stays chosen', async () => {
    const page = await console.openPage('/jobs', { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Account admin' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await untilHeading(page, 'Jobs');
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
      'rgb(16, 18, 23)',
    );
  });

  test('a page that is opened gets the focus on its title, and on the way back the link by which it was left', async () => {
    const page = await console.openPage('/nowhere');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('main:focus').waitFor();
    await page.getByRole('link', { name: 'To the jobs' }).press('Enter');
    await page.locator('h1:focus', { hasText: 'Jobs' }).waitFor();
    await page.goBack();
    await page.locator('a:focus', { hasText: 'To the jobs' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/nowhere');
  });

  test('pages are reached by keys, which are listed, and can be turned off', async () => {
    const page = await console.openPage('/jobs');
    await untilHeading(page, 'Jobs');
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await untilHeading(page, 'Functions');
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await list.waitFor();
    await expectAccessible(page);
    await list.getByText('Shortcuts are on').click();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    expect(await list.count()).toBe(0);
    await page.getByRole('button', { name: 'Account admin' }).click();
    await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
    await list.waitFor();
  });

  test('while there is no network it is told, what was read stays, and all goes on by itself', async () => {
    const page = await console.openPage('/overview');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('No worker is connected').waitFor();
    await page.context().setOffline(true);
    await page.getByText('What you see is what was read last').waitFor();
    await page.getByText('Offline', { exact: true }).waitFor();
    await expectAccessible(page);
    await page.context().setOffline(false);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByText('What you see is what was read last').count()).toBe(0);
  });

  test('what the service refuses for a while is told in its words, and read again', async () => {
    const page = await console.newPage();
    const body = {
      error: 'unavailable',
      code: 'UNAVAILABLE',
      message: 'the database is too busy',
      request_id: 'r-1',
    };
    const headers = { 'Retry-After': '1', 'Content-Type': 'application/json' };
    await page.route('**/admin/overview', (route) =>
      route.fulfill({ status: 503, headers, body: JSON.stringify(body) }),
    );
    await page.goto(`${console.url}/overview`);
    await signIn(page);
    await page.getByText('the database is too busy').waitFor();
    await page.getByText('Request r-1').waitFor();
    await expectAccessible(page);
    await page.unroute('**/admin/overview');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Throughput').waitFor();
  });

  test('the first load is less than 300 kB, gzipped, and opens the stream of events', async () => {
    const page = await console.newPage();
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(console.url))
        sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(`${console.url}/jobs`);
    await signIn(page);
    await untilHeading(page, 'Jobs');
    await page.getByText('Live', { exact: true }).waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(FIRST_LOAD_BYTES);
  });
}
