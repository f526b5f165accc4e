import { durationText } from './duration-text.ts';
import { Nothing } from './time.tsx';

/** A duration, as short as it can be told. */
export function Duration({ ms }: { ms: number | null }) {
  return ms === null ? <Nothing /> : <span title={`${ms} ms`}>{durationText(ms)}</span>;
}
