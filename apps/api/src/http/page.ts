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
  if (last === undefined || rows.length === page.length) return ok(page.map(toJson));
  const next = { ...request.query, cursor: last.id };
  return ok(page.map(toJson), { Link: `<${request.path}?${toSearch(next)}>; rel="next"` });
}

function toSearch(query: object): string {
  const given = Object.entries(query).map(([name, value]) => [
    name,
    value instanceof Date ? instant(value) : String(value),
  ]);
  return new URLSearchParams(given).toString();
}
