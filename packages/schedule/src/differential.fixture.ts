import { cronParserNext, renderForCronParser } from './cron-parser-reference.fixture.ts';
import { parseSchedule } from './schedule.ts';
import { pseudoRandom } from './pseudo-random.fixture.ts';
import { DIFFERENTIAL_ZONES, randomCron, randomInstant } from './random-schedule.fixture.ts';
import { referenceCron } from './reference-cron.fixture.ts';
import { referenceNext } from './reference-next.fixture.ts';
import { changesOf } from './reference-zone.fixture.ts';

/** What the differential has compared so far. */
export interface Tally {
  cases: number;
  /** Cases whose question or answer is within a day of a change of the clocks. */
  nearClockChange: number;
  /** Cases for which nothing occurs within five years. */
  withoutNext: number;
  /** Cases for which the reference walked every minute of every day as well. */
  everyMinute: number;
  readonly cronParser: {
    same: number;
    /** Its rules for changes of the clocks are others, or it never gets past one. */
    otherAtClockChange: number;
    /** It finds something later than five years on, or gives up. */
    beyondWindow: number;
    readonly notAsked: Map<string, number>;
  };
  /** Defects: of the package, of a reference, or a difference that nobody has listed. */
  readonly disagreements: string[];
}

interface Question {
  readonly text: string;
  readonly zone: string;
  readonly after: number;
}

export interface DifferentialOptions {
  readonly cases: number;
  readonly seed: number;
  /** cron-parser takes a hundred times as long, so that not every question may be put to it. */
  readonly cronParserOneIn: number;
  readonly onProgress?: (tally: Tally) => void;
}

const ANCHOR = new Date(0);
const DAY = 86_400_000;
const WINDOW = 5 * 365 * DAY;
const QUESTIONS_PER_SCHEDULE = 5;
const EVERY_MINUTE_ONE_IN = 50;
const MONTHS = 60 * DAY;

/**
 * Asks random questions of the package, of the brute-force reference and of cron-parser, and compares the answers.
 * Schedules are kept for several questions, so that what is remembered between them is compared, too.
 */
export function runDifferential({ cases, seed, cronParserOneIn, onProgress }: DifferentialOptions): Tally {
  const random = pseudoRandom(seed);
  const tally: Tally = {
    cases: 0,
    nearClockChange: 0,
    withoutNext: 0,
    everyMinute: 0,
    cronParser: { same: 0, otherAtClockChange: 0, beyondWindow: 0, notAsked: new Map() },
    disagreements: [],
  };
  while (tally.cases < cases) {
    const text = randomCron(random);
    const zone = DIFFERENTIAL_ZONES[random(DIFFERENTIAL_ZONES.length)] ?? 'UTC';
    const reference = referenceCron(text);
    let previous: number | null = null;
    for (let n = 0; n < QUESTIONS_PER_SCHEDULE; n++) {
      // An occurrence and the millisecond before it are the two ends of an interval.
      const follows: boolean = previous !== null && random(3) === 0;
      const after: number = follows ? (previous ?? 0) - random(2) : randomInstant(random, zone);
      const question = { text, zone, after };
      const expected = referenceNext(reference, zone, after, false);
      compare(tally, question, expected);
      if (random(EVERY_MINUTE_ONE_IN) === 0) compareEveryMinute(tally, question, expected);
      if (random(cronParserOneIn) === 0) compareCronParser(tally, question, expected);
      previous = expected;
    }
    onProgress?.(tally);
  }
  return tally;
}

function compare(tally: Tally, question: Question, expected: number | null): void {
  const { text, zone, after } = question;
  const actual = parseSchedule(text, zone).next(new Date(after), ANCHOR)?.getTime() ?? null;
  tally.cases += 1;
  if (expected === null) tally.withoutNext += 1;
  if (isNearChange(zone, after) || isNearChange(zone, expected)) tally.nearClockChange += 1;
  if (actual !== expected)
    tally.disagreements.push(describe(question, { schedule: actual, reference: expected }));
}

/** Checks that the reference may leave out the days that do not match, where that takes no more than months. */
function compareEveryMinute(tally: Tally, question: Question, expected: number | null): void {
  const { text, zone, after } = question;
  if (expected === null || expected > after + MONTHS) return;
  const literal = referenceNext(referenceCron(text), zone, after, true);
  tally.everyMinute += 1;
  if (literal !== expected) tally.disagreements.push(describe(question, { reference: expected, literal }));
}

function compareCronParser(
  { cronParser, disagreements }: Tally,
  question: Question,
  expected: number | null,
): void {
  const { zone, after } = question;
  const rendering = renderForCronParser(question.text);
  if ('unknown' in rendering) {
    cronParser.notAsked.set(rendering.unknown, (cronParser.notAsked.get(rendering.unknown) ?? 0) + 1);
    return;
  }
  const answer = askCronParser(rendering.text, zone, after);
  if (answer === expected) cronParser.same += 1;
  else if (expected === null && (answer === 'refused' || (answer ?? Infinity) > after + WINDOW)) {
    cronParser.beyondWindow += 1;
  } else if (answer !== 'refused' && differAtChange(zone, [after, answer, expected])) {
    cronParser.otherAtClockChange += 1;
  } else disagreements.push(describe(question, { 'cron-parser': answer, reference: expected }));
}

/** It refuses what the calendar does not have, whereas SPEC 2 accepts it and finds no next run. */
function askCronParser(text: string, zone: string, after: number): number | 'refused' | null {
  try {
    return cronParserNext(text, zone, after);
  } catch (error) {
    if (error instanceof Error && error.message === 'Invalid explicit day of month definition')
      return 'refused';
    throw new Error(`cron-parser fails at ${text}`, { cause: error });
  }
}

/** Whether the clocks change where the answers part: close to the earlier of them, or to the instant asked from. */
function differAtChange(zone: string, [after, ...answers]: [number, ...(number | null)[]]): boolean {
  return (
    isNearChange(zone, after) || isNearChange(zone, Math.min(...answers.map((answer) => answer ?? Infinity)))
  );
}

function isNearChange(zone: string, instant: number | null): boolean {
  return instant !== null && changesOf(zone).some((change) => Math.abs(change - instant) <= DAY);
}

function describe({ text, zone, after }: Question, answers: Record<string, number | string | null>): string {
  const shown = Object.entries(answers).map(
    ([who, answer]) => `${who} ${typeof answer === 'number' ? new Date(answer).toISOString() : answer}`,
  );
  return `"${text}" in ${zone} after ${new Date(after).toISOString()}: ${shown.join(', ')}`;
}
