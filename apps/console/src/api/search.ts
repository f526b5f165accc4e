/** Parameters of a query; those that are undefined or empty are left out. */
export type Search = Readonly<Record<string, string | number | boolean | undefined>>;

/** A path with its query. */
export function withSearch(path: string, search: Search = {}): string {
  const given = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** Which way a list goes, in the api's words. */
export type SortOrder = 'asc' | 'desc';
