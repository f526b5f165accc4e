import { changesOf } from './reference-zone.fixture.ts';

type Random = (bound: number) => number;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EARLIEST = Date.UTC(1985, 0);
const LATEST = Date.UTC(2050, 0);

/** Half-hour shifts, gaps at midnight and into the next day, a skipped day, a new offset, two hours at once. */
export const DIFFERENTIAL_ZONES: readonly string[] = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Nuuk',
  'America/Santiago',
  'Antarctica/Troll',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Tehran',
  'Europe/Dublin',
];

/** A valid cron expression out of everything that SPEC 2 allows, in upper and lower case. */
export function randomCron(random: Random): string {
  const days =
    random(20) === 0
      ? pick(random, RARE_DAYS)
      : [randomDay(random), randomMonth(random), randomWeekday(random)].join(' ');
  const text = [randomMinute(random), randomHour(random), days].join(' ');
  return random(8) === 0 ? text.toLowerCase() : text;
}

/** Seldom, less often than every five years, or never; and only where the clocks of a zone change. */
const RARE_DAYS = [
  '29 2 *',
  '29-31 FEB ?',
  '30 2 *',
  '31 2,4,6,9,11 *',
  '30W,31W 2 ?',
  '* 2 MON#5',
  '? FEB 7#5',
  '* 3 SUN#2',
  '* 3,10 SUNL',
  '* 11 SUN#1',
  '* 3 SATL',
  '30 12 *',
];

/** An instant to ask from: anywhere in 65 years, or close to where a calendar or a clock does something special. */
export function randomInstant(random: Random, zone: string): number {
  const anywhere = EARLIEST + random(LATEST - EARLIEST);
  const changes = changesOf(zone).filter((change) => change > EARLIEST && change < LATEST);
  switch (random(6)) {
    case 0:
    case 1:
      return near(random, changes[random(Math.max(1, changes.length))] ?? anywhere);
    case 2:
      return near(random, startOfMonth(anywhere));
    case 3:
      return anywhere - (anywhere % MINUTE);
    case 4:
      return near(random, pick(random, LEAP_DAYS));
    default:
      return anywhere;
  }
}

const LEAP_DAYS = [1988, 1996, 2000, 2024, 2028, 2048].map((year) => Date.UTC(year, 1, 29));

function near(random: Random, instant: number): number {
  const distances = [
    0,
    1,
    -1,
    random(MINUTE),
    -random(MINUTE),
    random(2 * HOUR) - HOUR,
    (random(6 * 60) - 3 * 60) * MINUTE,
    random(3 * DAY) - 2 * DAY,
    -random(30 * DAY),
  ];
  return instant + pick(random, distances);
}

function startOfMonth(instant: number): number {
  return new Date(instant).setUTCDate(1) - (instant % DAY);
}

function randomMinute(random: Random): string {
  return list(random, () =>
    pick(random, [
      () => '*',
      () => number(random, 0, 59),
      () => number(random, 0, 59),
      () => pick(random, ['0', '15', '30', '45', '59']),
      () => range(random, 0, 59),
      () => `${range(random, 0, 59)}/${1 + random(60)}`,
      () => `*/${1 + random(60)}`,
      () => `${random(60)}/${1 + random(60)}`,
    ])(),
  );
}

function randomHour(random: Random): string {
  return list(random, () =>
    pick(random, [
      () => '*',
      () => number(random, 0, 23),
      // When clocks change.
      () => number(random, 0, 3),
      () => pick(random, ['0', '1', '2', '3', '23', '0-3', '1-2', '22-23']),
      () => range(random, 0, 23),
      () => `${range(random, 0, 23)}/${1 + random(24)}`,
      () => `*/${1 + random(24)}`,
      () => `${random(24)}/${1 + random(24)}`,
    ])(),
  );
}

function randomDay(random: Random): string {
  if (random(2) === 0) return '*';
  if (random(12) === 0) return pick(random, ['?', 'LW']);
  return list(random, () =>
    pick(random, [
      () => number(random, 1, 31),
      () => number(random, 1, 31),
      () => number(random, 28, 31),
      () => 'L',
      () => `${number(random, 1, 31)}W`,
      () => range(random, 1, 31),
      () => `${range(random, 1, 31)}/${1 + random(31)}`,
      () => `*/${1 + random(31)}`,
      () => `${1 + random(31)}/${1 + random(31)}`,
    ])(),
  );
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

function randomMonth(random: Random): string {
  if (random(3) > 0) return '*';
  return list(random, () =>
    pick(random, [
      () => number(random, 1, 12),
      () => pick(random, MONTHS),
      () => '2',
      () => range(random, 1, 12),
      () => range(random, 0, 11).replaceAll(/\d+/g, (index) => MONTHS[Number(index)] ?? ''),
      () => `*/${1 + random(12)}`,
      () => `${1 + random(12)}/${1 + random(12)}`,
    ])(),
  );
}

const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

function randomWeekday(random: Random): string {
  if (random(2) === 0) return '*';
  if (random(12) === 0) return '?';
  return list(random, () =>
    pick(random, [
      () => number(random, 0, 7),
      () => pick(random, WEEKDAYS),
      () => range(random, 0, 7),
      () => `${range(random, 0, 7)}/${1 + random(7)}`,
      () => `*/${1 + random(7)}`,
      () => `${random(8)}/${1 + random(7)}`,
      () => pick(random, ['MON-FRI', 'SUN-TUE', 'FRI-SUN', 'SAT-SUN', 'SUN-SUN', 'TUE-7']),
      () => `${pick(random, [...WEEKDAYS, '0', '3', '7'])}#${1 + random(5)}`,
      () => `${pick(random, [...WEEKDAYS, '0', '5', '7'])}L`,
    ])(),
  );
}

function list(random: Random, item: () => string): string {
  return Array.from({ length: random(5) === 0 ? 2 + random(2) : 1 }, item).join(',');
}

function range(random: Random, min: number, max: number): string {
  const first = min + random(max - min + 1);
  return `${first}-${first + random(max - first + 1)}`;
}

function number(random: Random, min: number, max: number): string {
  const text = String(min + random(max - min + 1));
  return random(10) === 0 ? `0${text}` : text;
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
