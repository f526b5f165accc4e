const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A duration as people say it, with three digits at most of what matters: `12ms`, `1.5s`, `4m 10s`, `2h 5m`, `3d 4h`. */
export function durationText(ms: number): string {
  if (ms < 0) return `-${durationText(-ms)}`;
  if (Math.round(ms) < SECOND_MS) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 10) return `${(ms / SECOND_MS).toFixed(1)}s`;
  const rounded = seconds * SECOND_MS;
  if (rounded < MINUTE_MS) return `${seconds}s`;
  if (rounded < HOUR_MS) return two(rounded, [MINUTE_MS, 'm'], [SECOND_MS, 's']);
  if (rounded < DAY_MS) return two(rounded, [HOUR_MS, 'h'], [MINUTE_MS, 'm']);
  return two(rounded, [DAY_MS, 'd'], [HOUR_MS, 'h']);
}

type Unit = readonly [ms: number, name: string];

function two(ms: number, [large, name]: Unit, [small, smallName]: Unit): string {
  return `${Math.floor(ms / large)}${name} ${Math.floor((ms % large) / small)}${smallName}`;
}
