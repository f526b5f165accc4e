import { runDifferential, type Tally } from './differential.fixture.ts';
import { DIFFERENTIAL_ZONES } from './random-schedule.fixture.ts';

// npm run differential -- --cases 200000 --seed 1: a seed gives the same cases again.

const cases = numberOption('--cases', 200_000);
const seed = numberOption('--seed', 1);
const PROGRESS_EVERY = Math.max(1_000, Math.ceil(cases / 40));
const SHOWN = 20;

let shownAt = 0;
write(`${cases} questions in ${DIFFERENTIAL_ZONES.length} zones, seed ${seed}`);
const tally = runDifferential({ cases, seed, cronParserOneIn: 1, onProgress });
write(summary(tally));
if (tally.disagreements.length > 0) process.exitCode = 1;

function onProgress({ cases: done, disagreements }: Tally): void {
  if (done - shownAt < PROGRESS_EVERY) return;
  shownAt = done;
  write(`${String(done).padStart(9)}  ${disagreements.length} disagreements`);
}

function summary({ cronParser, disagreements, ...own }: Tally): string {
  const notAsked = [...cronParser.notAsked].map(([what, count]) => `  not asked: ${what}: ${count}`);
  return [
    `brute force: ${own.cases} compared`,
    `  within a day of a clock change: ${own.nearClockChange}`,
    `  nothing within five years: ${own.withoutNext}`,
    `  walked without leaving out a minute: ${own.everyMinute}`,
    `cron-parser: ${cronParser.same} the same`,
    `  other rules at a clock change: ${cronParser.otherAtClockChange}`,
    `  beyond the search window: ${cronParser.beyondWindow}`,
    ...notAsked,
    `disagreements: ${disagreements.length}`,
    ...disagreements.slice(0, SHOWN).map((line) => `  ${line}`),
  ].join('\n');
}

function numberOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  if (at === -1) return fallback;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} takes a whole number`);
  return value;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
