const CLOCK = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
} as const;
const DAY = { day: '2-digit', month: 'short' } as const;

/** A whole time, or as much of it as is told beside the same in UTC. */
const FORMATS = {
  whole: new Intl.DateTimeFormat('en-GB', { weekday: 'short', ...DAY, year: 'numeric', ...CLOCK }),
  date: new Intl.DateTimeFormat('en-GB', { ...DAY, year: 'numeric', ...CLOCK }),
  weekday: new Intl.DateTimeFormat('en-GB', { weekday: 'short', ...DAY, ...CLOCK }),
};

/**
 * What clocks show in a time with its offset, such as `2026-03-29T03:00:00+02:00`: `Sun, 29 Mar 2026, 03:00`; seconds if
 * there are any.
 */
export function wallText(local: string, format: keyof typeof FORMATS): string {
  return FORMATS[format].format(new Date(`${local.slice(0, 19)}Z`)).replace(/:00$/, '');
}

/** The offset from UTC of such a time: `+02:00`. */
export function offsetText(local: string): string {
  return /[+-]\d\d:\d\d$/.exec(local)?.[0].replace('-', '−') ?? '+00:00';
}
