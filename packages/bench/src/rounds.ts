/** What several rounds of the same measurement came to. */
export interface Rounds {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Measures a few times: on a machine that is shared, one figure says little. A first round is not counted, because the
 * code is compiled during it.
 */
export function rounds(count: number, measure: (round: number) => number): Rounds {
  const [, ...counted] = Array.from({ length: count + 1 }, (_, round) => measure(round));
  const sorted = counted.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  return { median: at(Math.floor(count / 2)), lowest: at(0), highest: at(count - 1) };
}

/** How many times a second `act` runs, over `count` times. */
export function perSecond(count: number, act: (index: number) => void): number {
  const start = performance.now();
  for (let index = 0; index < count; index++) act(index);
  return count / ((performance.now() - start) / 1_000);
}
