import { parseSchedule } from '@automation/schedule';
import { type Rounds, rounds } from './rounds.ts';

// What finds its day or its time seldom or never, and meets the skipped and the repeated hours.
const TIMES = [
  '0 0',
  '* *',
  '* 2',
  '*/59 23',
  '30 1-2',
  '0,10,20,30,40,50,1-9,11-19,21-29,31-39,41-49,51-59 0,2,4,6,1-23/2,8-22',
];
const DAYS = ['*', '29', '30', '31', 'L', 'LW', '29W', '30W,31W', '29-31', '1-31/30', '?'];
const MONTHS = ['2', '2,4,6,9,11', '3', '10-11'];
const WEEKDAYS = ['*', 'SUN#5', 'MON#5,TUE#5,WED#5', 'SUN#2', 'SUNL', 'SATL'];
const ZONES = ['UTC', 'America/New_York', 'America/Nuuk', 'Antarctica/Troll', 'Africa/Casablanca'];
const YEARS = [2025, 2096, 2999];
// A single measurement may be the garbage collector's: each is made twice, and the longest are measured again.
const ATTEMPTS = 2;
const SUSPECTS = 50;
const ROUNDS = 9;

interface Search {
  readonly text: string;
  readonly zone: string;
  readonly year: number;
}

/** Reads and searches every combination, and tells the one that takes longest. */
export function slowestSearch(): { what: string; rounds: Rounds } {
  const all = combinations().map((search) => ({ search, milliseconds: quickest(search) }));
  const suspects = all.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, SUSPECTS);
  const [slowest] = suspects
    .map(({ search }) => ({ search, rounds: rounds(ROUNDS, (round) => measure(search, ATTEMPTS + round)) }))
    .toSorted((a, b) => b.rounds.median - a.rounds.median);
  if (slowest === undefined) throw new Error('nothing was searched');
  const { text, zone, year } = slowest.search;
  const what = `first search, the longest of ${all.length}: ${text} in ${zone} from ${year}`;
  return { what, rounds: slowest.rounds };
}

function combinations(): Search[] {
  const texts = TIMES.flatMap((time) =>
    DAYS.flatMap((day) =>
      MONTHS.flatMap((month) => WEEKDAYS.map((weekday) => [time, day, month, weekday].join(' '))),
    ),
  );
  return texts.flatMap((text) => ZONES.flatMap((zone) => YEARS.map((year) => ({ text, zone, year }))));
}

function quickest(search: Search): number {
  return Math.min(...Array.from({ length: ATTEMPTS }, (_, attempt) => measure(search, attempt)));
}

/** Milliseconds of a schedule that nobody has asked before: leading zeros make another one of the same text. */
function measure({ text, zone, year }: Search, attempt: number): number {
  const another = text.replace(
    /\d/,
    (digit) => '0'.repeat(attempt * YEARS.length + YEARS.indexOf(year)) + digit,
  );
  const from = new Date(Date.UTC(year, 2, 9, 7, 0, 0, 1));
  const start = performance.now();
  parseSchedule(another, zone).next(from, from);
  return performance.now() - start;
}
