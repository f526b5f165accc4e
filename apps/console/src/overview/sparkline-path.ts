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
  const place = (share: number, length: number) => Math.round(10 * share * length) / 10;
  let isDrawing = false;
  return points
    .map(({ at, value }) => {
      if (value === null) {
        isDrawing = false;
        return '';
      }
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      const x = place((at - from) / (to - from), width);
      return `${command}${x} ${place(1 - value / greatest, height)}`;
    })
    .join('');
}
