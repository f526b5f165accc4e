import { fileURLToPath } from 'node:url';

import { measuredFrom } from './measured.ts';
import { Results } from './results.ts';
import { readSettings } from './settings.ts';
import { scalingTables } from './tables.ts';

const RESULTS = fileURLToPath(new URL('../../results', import.meta.url));

/** The page whose tables these are. */
export const PAGE = new URL('../../../../infra/SCALING.md', import.meta.url);

/** Derives the page's tables from the results and the settings as they are in the repository. */
export async function deriveTables(): Promise<ReadonlyMap<string, string>> {
  const [results, settings] = await Promise.all([Results.read(RESULTS), readSettings()]);
  return scalingTables(measuredFrom(results), settings);
}
