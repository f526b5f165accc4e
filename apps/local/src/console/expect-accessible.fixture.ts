import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What passes need not be described, and no rule of these reads style sheets: both take axe longer than its verdict. */
const VERDICT = { resultTypes: ['violations'], preload: { assets: ['media'] } };
const EVERY_RULE = JSON.stringify(VERDICT);
/** The rules whose verdict depends on colours. */
const RULES_OF_COLOUR = JSON.stringify({ ...VERDICT, runOnly: ['color-contrast', 'link-in-text-block'] });

/** Expects axe to find nothing wrong with a page as it is once it has its title. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await violations(page, EVERY_RULE)).toEqual([]);
}

/** The same in the light theme and in the dark one. */
export async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  // Without the time that a change of colours takes.
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violations(page, RULES_OF_COLOUR)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expectAccessible(page);
}

async function violations(page: Page, options: string) {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  const isThere = await page.evaluate<boolean>("'axe' in globalThis");
  if (!isThere) await page.evaluate(AXE);
  const found = await page.evaluate<AxeResults>(`axe.run(${options})`);
  return found.violations.map(({ id, nodes }) => ({
    rule: id,
    nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
  }));
}
