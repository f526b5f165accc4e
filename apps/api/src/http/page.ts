import type { JsonValue } from '@automation/domain';
import Joi from 'joi';

import { instant } from './instant.ts';
import { ok, type Reply } from './reply.ts';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1_000;

export interface PageQuery {
  limit: number;
  cursor?: string;
}

/** Which rows of a list to read. */
export interface PageOfRows {
  limit: number;
  cursor: string | undefined;
}

/** The query parameters of a list (SPEC 5). A parameter without a value counts as absent. */
export function pageQuery(cursor: Joi.StringSchema): { limit: Joi.NumberSchema; cursor: Joi.StringSchema } {
  return {
    limit: Joi.number()
      .integer()
      .min(1)
      .max(LARGEST_LIMIT)
      .empty('')
      .default(DEFAULT_LIMIT)
      .description('Entries of a page.'),
    cursor: cursor.empty('').description('Where the page starts; taken from the `Link` of the page before.'),
  };
}

/**
 * The cursor of a list whose ids are all made by us. Written as they are: joi would also take a UUID in brackets or with
 * colons, which PostgreSQL does not.
 */
export const idCursor = Joi.string().uuid({ separator: '-', wrapper: false });

/** How many rows to ask for, so that one too many tells that there is a next page. */
export function rowsFor(query: PageQuery): number {
  return query.limit + 1;
}

/** A bare array, with the way to the next page in `Link` if there is one (SPEC 5). */
export function pageReply<Row extends { id: string }>(
  rows: readonly Row[],
  request: { path: string; query: PageQuery },
  toJson: (row: Row) => JsonValue,
): Reply {
  const page = rows.slice(0, request.query.limit);
  const last = page.at(-1);
  const isLast = last === undefined || rows.length === page.length;
  return ok(page.map(toJson), isLast ? {} : linkAfter(last, request));
}

/** The same of a list whose pages end before their limit if their rows are large: it is asked whether anything follows. */
export async function cutPageReply<Row extends { id: string }>(
  {
    path,
    query,
    read,
  }: { path: string; query: PageQuery; read: (page: PageOfRows) => Promise<readonly Row[]> },
  toJson: (row: Row) => JsonValue,
): Promise<Reply> {
  const rows = await read({ limit: rowsFor(query), cursor: query.cursor });
  const last = rows.at(-1);
  if (last === undefined || rows.length > query.limit) return pageReply(rows, { path, query }, toJson);
  const following = await read({ limit: 1, cursor: last.id });
  return ok(rows.map(toJson), following.length === 0 ? {} : linkAfter(last, { path, query }));
}

function linkAfter({ id: cursor }: { id: string }, { path, query }: { path: string; query: PageQuery }) {
  return { Link: `<${path}?${toSearch({ ...query, cursor })}>; rel="next"` };
}

function toSearch(query: object): string {
  const given = Object.entries(query).map(([name, value]) => [
    name,
    value instanceof Date ? instant(value) : String(value),
  ]);
  return new URLSearchParams(given).toString();
}
