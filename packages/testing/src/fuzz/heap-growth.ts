/** Caches fill up, and code is compiled; a leak of one object per request is far more than this. */
const MOST = 1.1;

/** How much the heap has grown from the first to the last quarter of a run, by their medians. */
export function heapGrowth(samples: readonly number[]): { growth: number; isFlat: boolean } {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const growth = median(samples.slice(-quarter)) / median(samples.slice(0, quarter));
  return { growth, isFlat: growth <= MOST };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
