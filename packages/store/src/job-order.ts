import { type RawBuilder, sql } from 'kysely';

/** What a listing of jobs can be sorted by. */
export const JOB_SORTS = ['created_at', 'name', 'next_run', 'last_run', 'run_count'] as const;
export const SORT_ORDERS = ['asc', 'desc'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

export interface JobOrder {
  sort: (typeof JOB_SORTS)[number];
  order: SortOrder;
}

export const NEWEST_FIRST: JobOrder = { sort: 'created_at', order: 'desc' };

/**
 * What a page's jobs are ordered by; jobs of the same value by their ids. The first two have an index. One of `next_run`,
 * `last_run` or `run_count` would be written to with each claim or outcome, so their order is made for each page.
 */
export function inOrder(order: JobOrder): RawBuilder<unknown> {
  const direction = sql.raw(order.order);
  return sql`${keyOf(order)} ${direction}, id ${direction}`;
}

/** What follows one of the account's jobs, where its row has it now. Nothing follows one that there is not. */
export function following(order: JobOrder, job: { accountId: string; id: string }): RawBuilder<boolean> {
  const key = keyOf(order);
  return sql<boolean>`(${key}, id) ${sql.raw(order.order === 'asc' ? '>' : '<')} (
    SELECT ${key}, id FROM automation_jobs WHERE id = ${job.id} AND account_id = ${job.accountId})`;
}

/** Jobs that have no value come last, whichever way. */
function keyOf({ sort, order }: JobOrder): RawBuilder<unknown> {
  switch (sort) {
    case 'created_at':
    case 'run_count':
      return sql.ref(sort);
    case 'name':
      return folded(sql.ref(sort));
    case 'next_run':
    case 'last_run':
      return sql`coalesce(${sql.ref(sort)}, ${sql.lit(order === 'asc' ? 'infinity' : '-infinity')}::timestamptz)`;
  }
}

/** Without regard to case, as in the unique index of names. */
export function folded(text: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`lower(${text} COLLATE "und-x-icu")`;
}
