import type { ConsoleMessage, Page } from 'playwright-core';

/** Adds to `faults` what goes wrong in a page: errors that nobody catches, and what the browser complains of. */
export function watchFaults(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message)) faults.push(`console: ${message.text()}`);
  });
}

/** That the api answered 4xx or 5xx is for the page to show; the browser writes a line of its own. */
function isAnswer(message: ConsoleMessage): boolean {
  const isOurs = new URL(message.location().url).pathname.startsWith('/console');
  return message.text().startsWith('Failed to load resource') && !isOurs;
}
