/** A page of a list, and the way to the next one. */
export interface Page<Item> {
  items: Item[];
  /** The path of the next page; null after the last one. */
  next: string | null;
}

/** The path that a `Link` header has for the next page; null if there is none. */
export function nextPage(link: string | null): string | null {
  return /<([^>]+)>; rel="next"/.exec(link ?? '')?.[1] ?? null;
}

/** All items of the pages that an infinite query has read so far. */
export function itemsOf<Item>(pages: readonly Page<Item>[] | undefined): Item[] {
  return pages?.flatMap(({ items }) => items) ?? [];
}
