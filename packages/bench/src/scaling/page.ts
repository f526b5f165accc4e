const TABLE = /<!-- table: ([\w-]+) -->\n\n(?:[^<]*\n\n)?<!-- end -->/g;

/** The page with these tables in the places that name them. Throws if one of them has no place, or a place no table. */
export function withTables(page: string, tables: ReadonlyMap<string, string>): string {
  const placed = new Set<string>();
  const filled = page.replaceAll(TABLE, (_, name: string) => {
    const table = tables.get(name);
    if (table === undefined) throw new Error(`the page asks for a table "${name}", which there is not`);
    placed.add(name);
    return `<!-- table: ${name} -->\n\n${table}\n\n<!-- end -->`;
  });
  const missing = [...tables.keys()].filter((name) => !placed.has(name));
  if (missing.length > 0) throw new Error(`the page has no place for the table "${missing.join('", "')}"`);
  return filled;
}
