/** The address of a function's page; another service may give it an id of any characters. */
export function functionPath(id: string): string {
  return `/functions/${encodeURIComponent(id)}`;
}
