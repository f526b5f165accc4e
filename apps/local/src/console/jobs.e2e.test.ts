import type { Page } from 'playwright-core';

import { newFunction, newJob } from '../system.fixture.ts';
import { CHROMIUM, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';
import { copyJob } from './many-jobs.fixture.ts';

const MANY = 10_000;
const LAST = `job ${MANY}`;
const PHONE = { width: 390, height: 844 };

let console: TestConsole;
let functionId: string;
let nightlyId: string;

/** The row of a job; rows that are not in view are none. */
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

const tick = (page: Page, name: string, modifiers: 'Shift'[] = []) =>
  rowOf(page, name).getByRole('checkbox').click({ modifiers });

async function runFromMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions on ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Run now' }).click();
}

/** How many jobs the api has of a status. */
async function countOf(status: string): Promise<number> {
  const { items } = await console.client.get(`/automation/jobs?limit=1000&status=${status}`);
  return items.length;
}

interface Scrolled {
  /** The longest time between two frames while nothing is scrolled, in ms. */
  stillGap: number;
  /** The same while the table is scrolled. */
  scrollGap: number;
  /** That were in the document at once. */
  mostRows: number;
}

/** Scrolls on with each frame until the last job is there; first it stands still for as many frames. */
const SCROLL = `(async () => {
  const grid = document.querySelector('[role=grid]');
  const frame = () => new Promise(requestAnimationFrame);
  const walk = async (step, isDone) => {
    let gap = 0;
    let last = await frame();
    for (let frames = 0; !isDone(frames); frames += 1) {
      step();
      const now = await frame();
      gap = Math.max(gap, now - last);
      last = now;
    }
    return gap;
  };
  let mostRows = 0;
  const stillGap = await walk(() => undefined, (frames) => frames === 100);
  const scrollGap = await walk(
    () => {
      grid.scrollBy(0, 4_000);
      mostRows = Math.max(mostRows, grid.querySelectorAll('[role=row]').length);
    },
    () => grid.textContent.includes('${LAST}'),
  );
  return { stillGap, scrollGap, mostRows };
})()`;

if (CHROMIUM === null) {
  test.todo('NOT CHECKED, chromium is not on PATH: the console in a browser');
} else {
  const chromium = CHROMIUM;

  beforeAll(async () => {
    console = await startConsole(chromium, { runsJobs: true });
    functionId = (await newFunction(console.system, console.client, () => ({ body: {} }))).id;
  });

  afterEach(() => console.closePages());

  afterAll(() => console.close());

  test('an account without jobs is told how to make the first one', async () => {
    const page = await console.openPage('/jobs');
    await page.getByText('No jobs yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Create the first job' }).click();
    await page.getByRole('heading', { level: 1, name: 'New job' }).waitFor();
  });

  test('fifty jobs are selected with shift, paused at once, and resumed by one undo', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `bulk ${n + 10}`);
    await Promise.all(names.map((name) => newJob(console.client, functionId, { name })));
    const page = await console.openPage('/jobs?sort=name&order=asc');
    await tick(page, 'bulk 10');
    await page.keyboard.press('End');
    await tick(page, 'bulk 59', ['Shift']);
    await page.getByText('50 selected').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused 50 jobs.').waitFor();
    expect(await countOf('paused')).toBe(50);
    await rowOf(page, 'bulk 58').getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Resumed 50 jobs.').waitFor();
    expect(await countOf('paused')).toBe(0);
    await rowOf(page, 'bulk 58').getByText('Active').waitFor();
  });

  test('filters and order stand in the address, and a job that no filter finds is looked for in vain', async () => {
    nightlyId = await newJob(console.client, functionId, {
      name: 'nightly export',
      schedule: '30 3 * * MON',
      enabled: false,
    });
    const page = await console.openPage('/jobs?status=paused', { colorScheme: 'dark' });
    await rowOf(page, 'nightly export').getByText('At 03:30, only on Monday').waitFor();
    await page.getByRole('columnheader', { name: 'Name' }).click();
    await page.getByLabel('Search by name').fill('BULK');
    await page.getByText('No such jobs').waitFor();
    await expectAccessible(page);
    expect(new URL(page.url()).search).toBe('?q=BULK&status=paused&sort=name&order=asc');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await rowOf(page, 'bulk 10').waitFor();
  });

  test('a run and a change from elsewhere are seen without a reload; a click on the row opens the job', async () => {
    const page = await console.openPage('/jobs?q=nightly', {
      viewport: PHONE,
      hasTouch: true,
      isMobile: true,
    });
    await runFromMenu(page, 'nightly export');
    await page.getByText('Started nightly export.').waitFor();
    await page.getByRole('img', { name: 'Last 1: 1 succeeded' }).waitFor();
    await console.client.patch(`/automation/jobs/${nightlyId}`, { enabled: true });
    await rowOf(page, 'nightly export').getByText('Active').waitFor();
    await expectAccessible(page);
    await rowOf(page, 'nightly export').click();
    await page.waitForURL(/\/jobs\/[0-9a-f-]+$/);
  });

  test('a run is cancelled by undo; what the api refuses is told of each job, in its words', async () => {
    // It doesn't answer, so the only run stays under way.
    const slow = await newFunction(console.system, console.client, () => 'hang');
    await newJob(console.client, slow.id, { name: 'once only', max_runs: 1 });
    const page = await console.openPage('/jobs?q=once');
    await runFromMenu(page, 'once only');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Cancelled 1 run.').waitFor();
    await runFromMenu(page, 'once only');
    await page.getByText('Started once only.').waitFor();
    await runFromMenu(page, 'once only');
    await page.getByText('The job could not be started.').waitFor();
    await page.getByText(/has no runs left: max_runs 1/).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('that jobs can not be read is told with a way to try again, and they are shown once they can', async () => {
    const page = await console.openPage('/functions');
    await page.route('**/automation/jobs?*', (route) => route.abort());
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByText('The service cannot be reached.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectAccessible(page);
    await page.unroute('**/automation/jobs?*');
    await rowOf(page, 'once only').waitFor();
    expect(await page.getByText('The service cannot be reached.').count()).toBe(0);
  });

  test('the keyboard walks, selects and opens, and is where it was on the way back', async () => {
    const page = await console.openPage('/jobs?q=bulk&sort=name&order=asc');
    await rowOf(page, 'bulk 10').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByText('2 selected').count()).toBe(0);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'bulk 59' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Jobs' }).press('Enter');
    await rowOf(page, 'bulk 59').and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Clear the selection' }).press('Enter');
    await rowOf(page, 'bulk 59').and(page.locator(':focus')).waitFor();
    expect(new URL(page.url()).search).toBe('?q=bulk&sort=name&order=asc');
  });

  test('10,000 jobs are scrolled through without a dropped second, in a handful of rows', async () => {
    const id = await newJob(console.client, functionId, { name: 'model' });
    await copyJob(console.databaseUrl, id, MANY);
    const page = await console.openPage('/jobs?q=job&sort=name&order=asc');
    await rowOf(page, 'job 00001').waitFor();
    const { stillGap, scrollGap, mostRows } = await page.evaluate<Scrolled>(SCROLL);
    // What a busy machine holds up while nothing happens is not the page's fault.
    expect(scrollGap).toBeLessThan(1_000 + stillGap);
    expect(mostRows).toBeLessThan(80);
    await page.getByText('10,000 jobs').waitFor();
  });
}
