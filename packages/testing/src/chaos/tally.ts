/** How often each value is there. */
export function tally(values: readonly (string | number)[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const value of values) result.set(String(value), (result.get(String(value)) ?? 0) + 1);
  return result;
}

/** A line for each value, below a title. */
export function asLines(title: string, counts: ReadonlyMap<string, number>): string[] {
  return [title, ...inOrder(counts).map(([what, count]) => `  ${what.padEnd(60)} ${count}`)];
}

/** All in one line. */
export function inline(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0
    ? 'none'
    : inOrder(counts)
        .map(([what, count]) => `${what} ${count}`)
        .join(', ');
}

function inOrder(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b));
}
