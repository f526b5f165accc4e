/** A value at a time; null where there was none. */
export interface Point {
  at: number;
  value: number | null;
}

export interface SparklineFrame {
  width: number;
  height: number;
  /** The time at the left edge and at the right one. */
  from: number;
  to: number;
}

/** The `d` of a line through the points from zero to their greatest value, interrupted where there is no value. */
export function sparklinePath(points: readonly Point[], { width, height, from, to }: SparklineFrame): string {
  const greatest = Math.max(...points.map(({ value }) => value ?? 0), Number.MIN_VALUE);
  let isDrawing = false;
  return points
    .map(({ at, value }) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      const x = rounded((width * (at - from)) / (to - from));
      return `${command}${x} ${rounded(height * (1 - value / greatest))}`;
    })
    .join('');
}

/** To a tenth of a pixel. */
function rounded(length: number): number {
  return Math.round(10 * length) / 10;
}
