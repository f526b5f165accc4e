/** What several rounds of the same measurement came to. */
export interface Rounds {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Median and spread of figures that were measured one after the other. */
export function summarize(values: readonly number[]): Rounds {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  return { median: at(Math.floor(sorted.length / 2)), lowest: at(0), highest: at(sorted.length - 1) };
}

/**
 * Measures a few times: on a machine that is shared, one figure says little. A first round is not counted, because the
 * code is compiled during it.
 */
export function rounds(count: number, measure: (round: number) => number): Rounds {
  const [, ...counted] = Array.from({ length: count + 1 }, (_, round) => measure(round));
  return summarize(counted);
}

/** How many times a second `act` runs, over `count` times. */
export function perSecond(count: number, act: (index: number) => void): number {
  const start = performance.now();
  for (let index = 0; index < count; index++) act(index);
  return count / ((performance.now() - start) / 1_000);
}

/** The value below which a share of all values lies; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
