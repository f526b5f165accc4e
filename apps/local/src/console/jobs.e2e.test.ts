import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Page } from 'playwright-core';

import { newFunction, newJob, runJob } from '../system.fixture.ts';
import { CHROMIUM, startConsole, type TestConsole } from './console-browser.fixture.ts';
import { expectAccessible } from './expect-accessible.fixture.ts';
import { copyJob } from './many-jobs.fixture.ts';

// A busy machine takes its time to start processes.
import.meta.jest.setTimeout(60_000);

const MANY = 10_000;
const LAST = `job ${MANY}`;
const PHONE = { width: 390, height: 844 };

let console: TestConsole;
let functionId: string;

/** The row of a job; rows that are not in view are none. */
const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

const tick = (page: Page, name: string, modifiers: 'Shift'[] = []) =>
  rowOf(page, name).getByRole('checkbox').click({ modifiers });

/** How many jobs the api has of a status. */
async function countOf(status: string): Promise<number> {
  const { items } = await console.client.get(`/automation/jobs?limit=1000&status=${status}`);
  return items.length;
}

interface Scrolled {
  /** Between two frames, in ms. */
  longestGap: number;
  mostRows: number;
}

/** Scrolls on with each frame until the last job is there. */
const SCROLL = `(async () => {
  const grid = document.querySelector('[role=grid]');
  const frame = () => new Promise(requestAnimationFrame);
  let longestGap = 0;
  let mostRows = 0;
  let last = await frame();
  while (!grid.textContent.includes('${LAST}')) {
    grid.scrollTop += 2_000;
    const now = await frame();
    longestGap = Math.max(longestGap, now - last);
    mostRows = Math.max(mostRows, grid.querySelectorAll('[role=row]').length);
    last = now;
  }
  return { longestGap, mostRows };
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
    const page = await console.openPage('/jobs?sort=name&order=asc', {
      viewport: { width: 1280, height: 3_200 },
    });
    await tick(page, 'bulk 10');
    await tick(page, 'bulk 59', ['Shift']);
    await page.getByText('50 selected').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused 50 jobs.').waitFor();
    expect(await countOf('paused')).toBe(50);
    await rowOf(page, 'bulk 35').getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Resumed 50 jobs.').waitFor();
    expect(await countOf('paused')).toBe(0);
    await rowOf(page, 'bulk 35').getByText('Active').waitFor();
  });

  test('filters and order stand in the address, and a job that no filter finds is looked for in vain', async () => {
    await newJob(console.client, functionId, {
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

  test('a run from the menu of a row is seen in its outcomes without a reload; a click on the row opens the job', async () => {
    const page = await console.openPage('/jobs?q=nightly', {
      viewport: PHONE,
      hasTouch: true,
      isMobile: true,
    });
    await page.getByRole('button', { name: 'Actions on nightly export' }).click();
    await page.getByRole('menuitem', { name: 'Run now' }).click();
    await page.getByText('Started nightly export.').waitFor();
    await page.getByRole('img', { name: 'Last 1: 1 succeeded' }).waitFor();
    await expectAccessible(page);
    await rowOf(page, 'nightly export').click();
    await page.waitForURL(/\/jobs\/[0-9a-f-]+$/);
  });

  test('what the api refuses is told of each job, in its words', async () => {
    // It doesn't answer, so the only run stays under way.
    const slow = await newFunction(console.system, console.client, () => 'hang');
    const id = await newJob(console.client, slow.id, { name: 'once only', max_runs: 1 });
    await runJob(console.client, id);
    const page = await console.openPage('/jobs?q=once');
    await page.getByRole('button', { name: 'Actions on once only' }).click();
    await page.getByRole('menuitem', { name: 'Run now' }).click();
    await page.getByText('The job could not be started.').waitFor();
    await page.getByText(/has no runs left: max_runs 1/).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('the keyboard walks, selects and opens', async () => {
    const page = await console.openPage('/jobs?q=bulk&sort=name&order=asc');
    await rowOf(page, 'bulk 10').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'bulk 59' }).waitFor();
  });

  test('10,000 jobs are scrolled through without a dropped second, in a handful of rows', async () => {
    const id = await newJob(console.client, functionId, { name: 'model' });
    await copyJob(console.databaseUrl, id, MANY);
    const page = await console.openPage('/jobs?q=job&sort=name&order=asc');
    await rowOf(page, 'job 00001').waitFor();
    // What the machine itself can't do isn't the page's fault.
    const machine = monitorEventLoopDelay();
    machine.enable();
    const { longestGap, mostRows } = await page.evaluate<Scrolled>(SCROLL);
    machine.disable();
    expect(longestGap).toBeLessThan(1_000 + machine.max / 1_000_000);
    expect(mostRows).toBeLessThan(80);
    await page.getByText('10,000 jobs').waitFor();
  }, 180_000);
}
