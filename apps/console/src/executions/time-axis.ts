const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Distances between two ticks that read well, in milliseconds. */
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12, 24].map((hours) => hours * HOUR),
];

const MOST_TICKS = 5;

/** Where the label of a tick still fits in, as a share of the axis. */
const LAST_LABEL = 0.92;

/** The ticks, with room for their labels, of an axis that begins at 0 and is so many milliseconds long. */
export function ticksOf(lengthMs: number): number[] {
  const step = STEPS.find((each) => lengthMs / each < MOST_TICKS) ?? lengthMs;
  const end = lengthMs * LAST_LABEL;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, tick) => tick * step);
}

/** A place on an axis, as CSS takes it: `12.5%`. */
export function placeOf(at: number, axis: { from: number; to: number }): string {
  return `${((at - axis.from) / (axis.to - axis.from)) * 100}%`;
}
