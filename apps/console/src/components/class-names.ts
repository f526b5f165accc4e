/** The classes of an element, without those that don't apply. */
export function classNames(...names: (string | false | null | undefined)[]): string {
  return names.filter((name) => typeof name === 'string').join(' ');
}
