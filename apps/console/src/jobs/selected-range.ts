/** What was selected before, with everything from one item up to another, whichever of them comes first. */
export function withRange(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  ends: { from: string; to: string },
): Set<string> {
  const [first = 0, last = 0] = [ids.indexOf(ends.from), ids.indexOf(ends.to)].toSorted((a, b) => a - b);
  return new Set([...selected, ...ids.slice(Math.max(first, 0), last + 1)]);
}
