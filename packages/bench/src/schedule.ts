import { parseSchedule, type Schedule } from '@automation/schedule';
import type { Report } from './report.ts';
import { perSecond, type Rounds, rounds } from './rounds.ts';
import { slowestSearch } from './schedule-worst-case.ts';

const ROUNDS = 9;
const QUESTIONS = 20_000;
const QUESTIONS_WITHIN_INTERVAL = 500_000;
const START = Date.UTC(2025, 0);
const FIVE_YEARS = 5 * 365 * 86_400_000;
const ANCHOR = new Date(0);

// Seldom enough ones would be answered from memory, even if the instant was never asked before.
const TYPICAL = [
  '* * * * *',
  '*/15 * * * *',
  '30 * * * *',
  '0 9-17 * * MON-FRI',
  '30 2 * * *',
  '0 9 * * MON',
  '0 0 1 * *',
  '0 0 L * *',
  '0 0 13 * FRI',
];
const ZONES = ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata'];

/** How fast packages/schedule finds the next occurrence. */
export function benchSchedule(): Report {
  const figures = [
    {
      what: 'UTC, instants never asked before, typical ones in turn',
      unit: '/s',
      rounds: inTurn(['UTC']),
      goal: { atLeast: 120_000 },
    },
    { ...slowest(['UTC']), unit: '/s', goal: { atLeast: 120_000 } },
    {
      what: 'in four zones, the same',
      unit: '/s',
      rounds: inTurn(ZONES),
      goal: { atLeast: 12_000 },
    },
    { ...slowest(ZONES), unit: '/s', goal: { atLeast: 12_000 } },
    {
      what: 'within an interval already known, in a zone',
      unit: '/s',
      rounds: withinInterval(),
      goal: { atLeast: 1_000_000 },
    },
    { ...slowestSearch(), unit: 'ms', goal: { atMost: 10 } },
  ];
  return { title: 'Next occurrence of a kept schedule (packages/schedule)', figures };
}

function inTurn(zones: string[]): Rounds {
  return ask(zones.flatMap((zone) => TYPICAL.map((text) => parseSchedule(text, zone))));
}

function slowest(zones: string[]): { what: string; rounds: Rounds } {
  const each = zones.flatMap((zone) =>
    TYPICAL.map((text) => ({
      what: `  the slowest of them: ${text} in ${zone}`,
      rounds: ask([parseSchedule(text, zone)]),
    })),
  );
  return each.reduce((least, one) => (one.rounds.median < least.rounds.median ? one : least));
}

function ask(schedules: readonly Schedule[]): Rounds {
  return rounds(ROUNDS, () => {
    const instants = Array.from({ length: QUESTIONS }, () => new Date(START + Math.random() * FIVE_YEARS));
    return perSecond(QUESTIONS, (index) => {
      const instant = instants[index];
      if (instant !== undefined) schedules[index % schedules.length]?.next(instant, ANCHOR);
    });
  });
}

function withinInterval(): Rounds {
  const schedule = parseSchedule('0 9 * * MON', 'America/New_York');
  const monday = Date.UTC(2025, 5, 2, 13);
  return rounds(ROUNDS, () => {
    schedule.next(new Date(monday), ANCHOR);
    const instants = Array.from({ length: 1_000 }, (_, n) => new Date(monday + n * 600_000));
    return perSecond(QUESTIONS_WITHIN_INTERVAL, (index) => {
      const instant = instants[index % instants.length];
      if (instant !== undefined) schedule.next(instant, ANCHOR);
    });
  });
}
