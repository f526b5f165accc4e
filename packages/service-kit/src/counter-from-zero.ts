import type { Counter } from 'prom-client';

/**
 * The child of a counter for labels that are known beforehand. It is shown from the start, as 0: Prometheus takes no first
 * increase of a series that it has not seen before.
 */
export function counterFromZero<L extends string>(
  counter: Counter<L>,
  labels: Record<L, string>,
): Counter.Internal {
  const child = counter.labels(labels);
  child.inc(0);
  return child;
}
