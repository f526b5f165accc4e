export type Defined<T> = { [K in keyof T]?: T[K] & ({} | null) };

/** The same object without the keys whose value is undefined, so that it can be laid over another. */
export function defined<T extends object>(value: T): Defined<T> {
  const result: Defined<T> = {};
  for (const key in value) {
    const present = value[key];
    if (present !== undefined) result[key] = present;
  }
  return result;
}
