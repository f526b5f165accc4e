import { benchSchedule } from './schedule.ts';

/** Everything that `npm run bench -- <name>` knows; without a name it runs all. */
const benchmarks: ReadonlyMap<string, () => void | Promise<void>> = new Map([['schedule', benchSchedule]]);

const names = process.argv.slice(2);
const unknown = names.filter((name) => !benchmarks.has(name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark "${unknown.join('", "')}". There are: ${[...benchmarks.keys()].join(', ')}\n`,
  );
  process.exitCode = 1;
} else {
  for (const [name, run] of benchmarks) {
    if (names.length === 0 || names.includes(name)) await run();
  }
}
