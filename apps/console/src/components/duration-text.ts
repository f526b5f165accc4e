const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'm'],
  [SECOND, 's'],
];

/** A duration as short as it can be told: `12 ms`, `3.4 s`, `2m 05s`, `3h 20m`, `4d 6h`. */
export function durationText(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return longText(ms);
}

/** The time until something, to the second: `0s`, `42s`, `2m 05s`. */
export function countdownText(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms / SECOND)) * SECOND;
  return whole < MINUTE ? `${whole / SECOND}s` : longText(whole);
}

/** How long ago something was, in the largest unit alone: `12s ago`, `3h ago`; `now` within the second. */
export function agoText(ms: number): string {
  if (ms < SECOND) return 'now';
  const [length, unit] = UNITS.find(([each]) => ms >= each) ?? [SECOND, 's'];
  return `${Math.floor(ms / length)}${unit} ago`;
}

/** The two largest units. */
function longText(ms: number): string {
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ${twoDigits((ms % MINUTE) / SECOND)}s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h ${twoDigits((ms % HOUR) / MINUTE)}m`;
  return `${Math.floor(ms / DAY)}d ${Math.floor((ms % DAY) / HOUR)}h`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
