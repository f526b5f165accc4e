import type { AutomationFunction } from '../api/automation-function.ts';
import type { FunctionHealth } from '../api/function-health.ts';
import type { SortOrder } from '../api/search.ts';

/** A function and how it does. */
export interface FunctionRow {
  id: string;
  /** Null if another service keeps it, or if it is deleted. */
  fn: AutomationFunction | null;
  /** Null if nothing has invoked it in the last hour. */
  health: FunctionHealth | null;
}

export type FunctionSort = 'name' | 'failing' | 'p50' | 'p95' | 'waiting' | 'last_failure';

export interface FunctionOrder {
  by: FunctionSort;
  order: SortOrder;
}

/** What needs somebody first. */
export const WORST_FIRST: FunctionOrder = { by: 'failing', order: 'desc' };

/**
 * All functions with their health.
 * @param functions null if another service keeps them: those that health tells of are all that is known
 */
export function functionRows(
  functions: readonly AutomationFunction[] | null,
  health: readonly FunctionHealth[],
): FunctionRow[] {
  const byId = new Map(health.map((each) => [each.function_id, each]));
  if (functions === null) return health.map((each) => ({ id: each.function_id, fn: null, health: each }));
  return functions.map((fn) => ({ id: fn.id, fn, health: byId.get(fn.id) ?? null }));
}

/** What a row is called. */
export function titleOf({ fn, id }: FunctionRow): string {
  return fn?.name ?? id;
}

/** The rows whose name, address or id has a text in it. */
export function rowsWith(rows: readonly FunctionRow[], text: string): FunctionRow[] {
  const sought = text.trim().toLowerCase();
  return rows.filter(({ id, fn }) =>
    [id, fn?.name ?? '', fn?.url ?? ''].some((each) => each.toLowerCase().includes(sought)),
  );
}

/** The rows in order; those of the same value by name, and those without one last. */
export function sortedRows(rows: readonly FunctionRow[], { by, order }: FunctionOrder): FunctionRow[] {
  const sign = order === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => {
    const byName = titleOf(a).localeCompare(titleOf(b));
    if (by === 'name') return sign * byName;
    const [left, right] = [valueOf(a, by), valueOf(b, by)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byName;
    return sign * (left - right) || byName;
  });
}

function valueOf({ health }: FunctionRow, by: Exclude<FunctionSort, 'name'>): number | null {
  if (health === null) return null;
  switch (by) {
    case 'failing':
      // What waits for its breaker has failed lately, however few attempts were made since.
      return health.failing_share ?? (health.waiting > 0 ? 1 : 0);
    case 'p50':
    case 'p95':
      return health.duration_ms[by];
    case 'waiting':
      return health.waiting;
    case 'last_failure':
      return health.last_failure === null ? null : Date.parse(health.last_failure.at);
  }
}
