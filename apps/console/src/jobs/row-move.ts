/** Where a key leads from a row: the number of another one; null if it leads nowhere. */
export function rowAfter(key: string, from: number, { count, pageSize }: Rows): number | null {
  const to = targetOf(key, from, { count, pageSize });
  if (to === null) return null;
  return Math.min(Math.max(to, 0), count - 1);
}

interface Rows {
  count: number;
  /** As many as are in view. */
  pageSize: number;
}

function targetOf(key: string, from: number, { count, pageSize }: Rows): number | null {
  switch (key) {
    case 'ArrowDown':
      return from + 1;
    case 'ArrowUp':
      return from - 1;
    case 'PageDown':
      return from + pageSize;
    case 'PageUp':
      return from - pageSize;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
