import { styleText } from 'node:util';

import { ConfigError, errorMessage } from '@automation/service-kit';

import { readStatus } from './read-status.ts';
import { loadStatusConfig } from './status-config.ts';
import { statusText } from './status-text.ts';

/** EX_CONFIG of sysexits.h, as of the services. */
const MISCONFIGURED = 78;

/** `npm run status`: exits 0 if all is well, 1 if a person should look, 78 if it does not know whom to ask. */
async function main(): Promise<number> {
  const colours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const red = (text: string) => (colours ? styleText('red', text) : text);
  try {
    const config = await loadStatusConfig(process.env);
    const overview = await readStatus(config).catch((error: unknown) => {
      const cause = Error.isError(error) && Error.isError(error.cause) ? error.cause : error;
      throw new Error(`the api at ${config.url} does not say how it does: ${errorMessage(cause)}`);
    });
    process.stdout.write(statusText(overview, colours));
    return overview.problems.length === 0 ? 0 : 1;
  } catch (error) {
    const lines = error instanceof ConfigError ? error.problems : [errorMessage(error)];
    for (const line of lines) process.stdout.write(`${red(`! ${line}`)}\n`);
    return error instanceof ConfigError ? MISCONFIGURED : 1;
  }
}

process.exitCode = await main();
