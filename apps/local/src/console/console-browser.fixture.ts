import { type AppName, createTestDatabase, findInstalled } from '@automation/testing';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import type { ApiClient } from '../api-client.fixture.ts';
import { migrateAll } from '../migrate-all.fixture.ts';
import { clientOf, KEY, openSystem, type TestSystem, urlOf } from '../system.fixture.ts';
import { watchFaults } from './page-faults.fixture.ts';

/** Null if this machine has no browser to test with. The one without windows has less to do. */
export const CHROMIUM = findInstalled(
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
);

/** The product as processes, and a browser that looks at its console. */
export interface TestConsole {
  /** Of the console: `http://127.0.0.1:…/console`. */
  url: string;
  system: TestSystem;
  /** Of what the product runs on, for more than can be made through the api. */
  databaseUrl: string;
  /** Asks the api past the console. */
  client: ApiClient;
  /** A tab of its own that nobody has signed in to. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** A tab that is signed in, at a path such as `/jobs`. */
  openPage(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Closes all tabs. Throws if there was an error in one: uncaught, in its console, or of the Content-Security-Policy. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** For what a page is waited for on a busy machine. */
const PAGE_TIMEOUT_MS = 60_000;

/** Leaves in a tab what signing in does: once, as signing out is for good. */
const SIGNED_IN = `
  if (name !== 'signed in') sessionStorage.setItem('automation-console-key', '${KEY}');
  name = 'signed in';
`;

/** Starts the api, and scheduler and worker if jobs are to run. */
export async function startConsole(executablePath: string, { runsJobs = false } = {}): Promise<TestConsole> {
  const database = await createTestDatabase(migrateAll);
  const system = await openSystem(database.url);
  const others: AppName[] = runsJobs ? ['scheduler', 'worker'] : [];
  const [api, browser] = await Promise.all([
    system.start('api'),
    chromium.launch({ executablePath }),
    ...others.map((name) => system.start(name)),
  ]);
  const url = `${urlOf(api)}/console`;
  return {
    url,
    system,
    databaseUrl: database.url,
    client: clientOf(api),
    ...pagesOf(browser, url),
    close: async () => {
      await browser.close();
      await system.close();
      await database.drop();
    },
  };
}

function pagesOf(browser: Browser, url: string): Pick<TestConsole, 'newPage' | 'openPage' | 'closePages'> {
  const faults: string[] = [];
  const newPage = async (options?: BrowserContextOptions) => {
    const page = await (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    watchFaults(page, faults);
    return page;
  };
  return {
    newPage,
    openPage: async (path, options) => {
      const page = await newPage(options);
      await page.addInitScript({ content: SIGNED_IN });
      await page.goto(`${url}${path}`);
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      return page;
    },
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      expect(faults.splice(0)).toEqual([]);
    },
  };
}

/** Signs in, with the admin's key unless told otherwise; the page is then the one that the address names. */
export async function signIn(page: Page, key = KEY): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}
