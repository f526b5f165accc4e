import { setTimeout as delay } from 'node:timers/promises';

import { waitUntil } from '../wait-until.ts';
import type { ChaosPostgres } from './chaos-postgres.ts';
import { countOpen } from './read-ledger.ts';

const TIMEOUT_MS = 120_000;
const LOOK_MS = 250;

/** Waits, once no job falls due any more, until the executions that are open have finished, but not for ever. */
export async function untilNothingIsOpen(
  postgres: Pick<ChaosPostgres, 'query'>,
  say: (what: string) => void,
): Promise<void> {
  const startedAt = Date.now();
  try {
    await waitUntil(async () => (await countOpen(postgres)) === 0 || delay(LOOK_MS, false), {
      timeoutMs: TIMEOUT_MS,
      what: 'the open executions to finish',
    });
    say(`nothing is open ${Math.round((Date.now() - startedAt) / 1_000)} s after the last job was disabled`);
  } catch {
    // The checker says which they are.
    say(`executions are still open after ${TIMEOUT_MS / 1_000} s`);
  }
}
