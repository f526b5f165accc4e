import type { Execution, ExecutionStatus, RecentExecution, Trigger } from '../api/execution.ts';

/** An execution as the table shows it. */
export interface ExecutionRow {
  id: string;
  status: ExecutionStatus;
  trigger: Trigger;
  scheduledFor: string;
  durationMs: number | null;
  lagMs: number | null;
  /** Of both phases. */
  attempts: number;
  reason: string | null;
}

export function rowOf(execution: Execution): ExecutionRow {
  const { scheduled_for: scheduledFor, started_at: startedAt, check, perform } = execution;
  return {
    id: execution.id,
    status: execution.status,
    trigger: execution.trigger,
    scheduledFor,
    durationMs: execution.duration_ms,
    lagMs: startedAt === null ? null : Math.max(0, Date.parse(startedAt) - Date.parse(scheduledFor)),
    attempts: (check?.attempts ?? 0) + (perform?.attempts ?? 0),
    reason: execution.reason ?? errorOf(execution),
  };
}

/** Rows with what is newer of them: pages are not read again as often as the newest executions. */
export function withRecents(
  rows: readonly ExecutionRow[],
  recents: readonly RecentExecution[],
): ExecutionRow[] {
  const newer = new Map(recents.map((execution) => [execution.id, execution]));
  return rows.map((row) => {
    const recent = newer.get(row.id);
    if (recent === undefined) return row;
    return { ...row, status: recent.status, durationMs: recent.duration_ms, lagMs: recent.lag_ms };
  });
}

/** How many executions there are by now that are newer than all rows. */
export function countNewer(rows: readonly ExecutionRow[], recents: readonly RecentExecution[]): number {
  const newest = rows[0];
  // Ids are in the order of time.
  return newest === undefined ? 0 : recents.filter(({ id }) => id > newest.id).length;
}

function errorOf({ check, perform }: Execution): string | null {
  return perform?.error || check?.error || null;
}
