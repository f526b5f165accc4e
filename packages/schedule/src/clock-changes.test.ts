import { parseSchedule } from './schedule.ts';

/**
 * The rules for changes of the clocks (SPEC 2), spelled out minute by minute without croner: a wildcard job runs at
 * every minute that the clock shows and that matches; a fixed-time job at each matching wall time once, and those that
 * the clock skips count as of the minute after the gap.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;

const changes: [zone: string, instants: string[]][] = [
  ['America/New_York', ['2025-03-09T07:00Z', '2025-11-02T06:00Z']],
  ['Europe/London', ['2025-03-30T01:00Z', '2025-10-26T01:00Z']],
  ['Australia/Lord_Howe', ['2025-04-05T15:00Z', '2025-10-04T15:30Z']],
  ['America/Nuuk', ['2025-03-30T01:00Z', '2025-10-26T01:00Z']],
  ['America/Santiago', ['2025-04-06T03:00Z', '2025-09-07T04:00Z']],
  ['Africa/Casablanca', ['2025-02-23T02:00Z', '2025-04-06T02:00Z']],
  ['Antarctica/Troll', ['2025-03-30T01:00Z', '2025-10-26T01:00Z']],
];

const fixed: [minutes: string, hours: string][] = [
  ['30', '2'],
  ['0,30', '1-2'],
  ['30', '23'],
  ['0,30', '0'],
  ['0', '0'],
  ['45', '1'],
  ['0-59', '0-3,23'],
];
const wildcard: [minutes: string, hours: string][] = [
  ['*/30', '*'],
  ['15', '*'],
  ['*/20', '2'],
  ['5/25', '0-1'],
  ['*', '0-3,23'],
];

/** Reads a list of numbers, ranges and steps. */
function members(field: string, max: number): Set<number> {
  const values = field.split(',').flatMap((part) => {
    const [range = '', step] = part.split('/');
    const [first, last] = range === '*' ? [0, max] : range.split('-').map(Number);
    const end = last ?? (step === undefined ? first! : max);
    return Array.from({ length: end - first! + 1 }, (_, n) => first! + n).filter(
      (value) => (value - first!) % Number(step ?? 1) === 0,
    );
  });
  return new Set(values);
}

function matcher([minutes, hours]: [string, string]): (wall: number) => boolean {
  const [inMinutes, inHours] = [members(minutes, 59), members(hours, 23)];
  return (wall) => inMinutes.has((wall / MINUTE) % 60) && inHours.has(Math.floor(wall / (60 * MINUTE)) % 24);
}

/** What the clock of a zone shows, minute by minute from two days before an instant to two days after it. */
function readings(zone: string, around: number): { instant: number; wall: number }[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return Array.from({ length: (4 * DAY) / MINUTE }, (_, n) => {
    const instant = around - 2 * DAY + n * MINUTE;
    return { instant, wall: Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) };
  });
}

function expectedRuns(fields: [string, string], minutes: { instant: number; wall: number }[]): number[] {
  const matches = matcher(fields);
  if (wildcard.includes(fields)) {
    return minutes.filter(({ wall }) => matches(wall)).map(({ instant }) => instant);
  }
  let reached = minutes[0]!.wall - MINUTE;
  return minutes
    .filter(({ wall }) => {
      let runs = false;
      for (; reached < wall; reached += MINUTE) runs ||= matches(reached + MINUTE);
      return runs;
    })
    .map(({ instant }) => instant);
}

function actualRuns(fields: [string, string], zone: string, minutes: { instant: number }[]): number[] {
  const schedule = parseSchedule(`${fields.join(' ')} * * *`, zone);
  const end = minutes.at(-1)!.instant;
  const runs: number[] = [];
  let next = schedule.next(new Date(minutes[0]!.instant - 1), new Date(0));
  while (next !== null && next.getTime() <= end) {
    runs.push(next.getTime());
    next = schedule.next(next, new Date(0));
  }
  return runs;
}

describe('around a change of the clocks every run is where the rules put it', () => {
  const cases = changes.flatMap(([zone, instants]) => instants.map((instant) => [zone, instant] as const));

  test.each(cases)('%s, %s', (zone, instant) => {
    const minutes = readings(zone, Date.parse(instant));
    const shift = minutes.at(-1)!.wall - minutes[0]!.wall - (4 * DAY - MINUTE);
    expect(shift).not.toBe(0);
    for (const fields of [...fixed, ...wildcard]) {
      expect([fields, actualRuns(fields, zone, minutes)]).toEqual([fields, expectedRuns(fields, minutes)]);
    }
  });
});
