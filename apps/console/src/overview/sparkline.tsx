import styles from './sparkline.module.css';
import { type Point, sparklinePath } from './sparkline-path.ts';

const WIDTH = 240;
const HEIGHT = 32;
/** Of what is drawn, so that the first seconds don't look like a history. */
const LEAST_MS = 60_000;

/** How a value has been in the last minutes, the newest at the right. Decoration: what it stands below says the value. */
export function Sparkline({ points }: { points: readonly Point[] }) {
  const to = points.at(-1)?.at ?? 0;
  const from = Math.min(points[0]?.at ?? 0, to - LEAST_MS);
  const frame = { width: WIDTH, height: HEIGHT - 4, from, to };
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 -2 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className={styles.base} d={`M0 ${HEIGHT - 4}H${WIDTH}`} />
      <path className={styles.line} d={sparklinePath(points, frame)} />
    </svg>
  );
}
