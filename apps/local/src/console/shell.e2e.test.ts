import { gzipSync } from 'node:zlib';

import type { Page } from 'playwright-core';

import { KEY } from '../system.fixture.ts';
import { CHROMIUM, signIn, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible, expectAccessibleInBothThemes } from './expect-accessible.fixture.ts';

const FIRST_LOAD_BYTES = 300_000;
const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 360, height: 780 };

const BUSY = {
  error: 'unavailable',
  code: 'UNAVAILABLE',
  message: 'the database is too busy',
  request_id: 'r-1',
};

let console: TestConsole;

async function untilHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await untilHeading(page, name);
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function revoke(keyId: string): Promise<void> {
  const address = new URL(`/accounts/admin/api-keys/${keyId}`, console.url);
  const { ok } = await fetch(address, { method: 'DELETE', headers: { authorization: `Bearer ${KEY}` } });
  expect(ok).toBe(true);
}

if (CHROMIUM === null) {
  test.todo('NOT CHECKED, chromium is not on PATH: the console in a browser');
} else {
  const chromium = CHROMIUM;

  beforeAll(async () => {
    console = await startConsole(chromium);
  });

  afterAll(() => console.close());

  describe('a tab that nobody has signed in to', () => {
    afterEach(() => console.closePages());

    test('a wrong key is refused with a word, a right one leads to the page that was asked for, and never into an address', async () => {
      const page = await console.newPage();
      await page.goto(`${console.url}/functions`);
      await expectAccessibleInBothThemes(page);
      await page.getByLabel('API key').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The service does not know this key').waitFor();
      await expectAccessible(page);
      await signIn(page);
      await untilHeading(page, 'Functions');
      expect(page.url()).toBe(`${console.url}/functions`);
    });

    test('a key that is revoked ends the session, and the page says why; another one goes on with what was being written', async () => {
      const { body } = await console.client.post('/accounts/admin/api-keys', { name: 'short-lived' });
      const page = await console.newPage();
      await page.goto(`${console.url}/jobs/new`);
      await signIn(page, String(body['key']));
      // Without the scope admin there is no overview.
      expect(await page.getByRole('link', { name: 'Overview' }).count()).toBe(0);
      const name = page.getByLabel('Name', { exact: true });
      await name.fill('half written');
      await revoke(String(body['id']));
      await page.getByText('does not take the API key any more').waitFor();
      await expectAccessible(page);
      await signIn(page);
      await name.and(page.locator(':focus')).waitFor();
      expect(await name.inputValue()).toBe('half written');
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
  });

  describe('a tab that is signed in', () => {
    let page: Page;

    beforeAll(async () => {
      page = await console.openPage('/nowhere', { colorScheme: 'light', viewport: DESKTOP });
    });

    afterAll(() => console.closePages());

    test('a page that is opened gets the focus on its title, and on the way back the link by which it was left', async () => {
      await untilHeading(page, 'Page not found');
      await press(page, 'Tab', 'Enter');
      await page.locator('main:focus').waitFor();
      await page.getByRole('link', { name: 'To the jobs' }).press('Enter');
      await page.locator('h1:focus', { hasText: 'Jobs' }).waitFor();
      await page.goBack();
      await page.locator('a:focus', { hasText: 'To the jobs' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/console/nowhere');
    });

    test('pages are reached by keys, which are listed, and can be turned off', async () => {
      await press(page, 'g', 'f');
      await untilHeading(page, 'Functions');
      await press(page, '?');
      const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await list.waitFor();
      await expectAccessible(page);
      await list.getByText('Shortcuts are on').click();
      await press(page, 'Escape');
      await list.waitFor({ state: 'detached' });
      await press(page, '?');
      expect(await list.count()).toBe(0);
      await page.getByRole('button', { name: 'Account admin' }).click();
      await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
      await list.getByText('Shortcuts are on').click();
      await press(page, 'Escape', 'g', 'j');
      await untilHeading(page, 'Jobs');
    });

    test('what the service refuses for a while is told in its words, and read again', async () => {
      await page.route('**/admin/overview', (route) =>
        route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: BUSY }),
      );
      await goTo(page, 'Overview');
      await page.getByText('the database is too busy').waitFor();
      await page.getByText('Request r-1').waitFor();
      await expectAccessible(page);
      await page.unroute('**/admin/overview');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('Throughput').waitFor();
    });

    test('while there is no network it is told, what was read stays, and all goes on by itself', async () => {
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

    test('every page is accessible on a phone, in light and in dark', async () => {
      await page.setViewportSize(PHONE);
      for (const name of ['Jobs', 'Functions', 'Overview']) {
        await goTo(page, name);
        await expectAccessibleInBothThemes(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      }
      await page.setViewportSize(DESKTOP);
    });

    test('a reload of the tab keeps the theme that was chosen, and the session, until that is ended', async () => {
      await page.getByRole('button', { name: 'Account admin' }).click();
      await expectAccessible(page);
      await page.getByRole('menuitemradio', { name: 'Dark' }).click();
      await page.reload();
      await untilHeading(page, 'Overview');
      expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe(
        'rgb(16, 18, 23)',
      );
      await page.getByRole('button', { name: 'Account admin' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByLabel('API key').waitFor();
      expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toContain(KEY);
    });
  });
}
