import { gzipSync } from 'node:zlib';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { KEY } from '../system.fixture.ts';
import { CHROMIUM, signIn, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';

// A busy machine takes its time to start processes.
import.meta.jest.setTimeout(60_000);

const FIRST_LOAD_BYTES = 300_000;
const PHONE = { width: 390, height: 844 };

const PAGES = [
  ['/jobs', 'Jobs'],
  ['/jobs/new', 'New job'],
  ['/functions', 'Functions'],
  ['/overview', 'Overview'],
  ['/nowhere', 'Page not found'],
] as const;

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
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
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

  test.each<[string, BrowserContextOptions]>([
    ['light', { colorScheme: 'light' }],
    ['dark, and on a phone', { colorScheme: 'dark', viewport: PHONE, hasTouch: true, isMobile: true }],
  ])('every page is accessible in %s', async (_theme, options) => {
    const page = await console.openPage('/', options);
    for (const [path, heading] of PAGES) {
      await page.goto(`${console.url}${path}`);
      await untilHeading(page, heading);
      await expectAccessible(page);
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
