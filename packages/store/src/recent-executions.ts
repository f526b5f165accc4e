import type { Execution } from '@automation/domain';
import { sql } from 'kysely';

import type { Database } from './database.ts';
import { scheduledBetween } from './id-range.ts';

/** What is told of an execution among many. */
export interface RecentExecution extends Pick<
  Execution,
  'id' | 'status' | 'trigger' | 'scheduledFor' | 'startedAt' | 'completedAt'
> {
  /** From when on a worker could take it up. */
  dueAt: Date;
}

export interface RecentFilter {
  accountId: string;
  jobIds: readonly string[];
  /** Executions of each job at most. */
  count: number;
  from: Date;
  to: Date;
}

/**
 * The newest executions of an account's jobs, newest first, by the ids of those jobs that it has. A span whose days all have
 * their partitions is walked back from its end, and no further than each job needs.
 */
export async function listRecentExecutions(
  db: Database,
  { accountId, jobIds, count, from, to }: RecentFilter,
): Promise<Map<string, RecentExecution[]>> {
  const { rows } = await sql<RecentRow>`
    SELECT job.id AS job_id, recent.*
    FROM automation_jobs job LEFT JOIN LATERAL (
      SELECT id, status, trigger, scheduled_for, due_at, started_at, completed_at
      FROM automation_executions WHERE job_id = job.id AND ${scheduledBetween(from, to)}
      ORDER BY scheduled_for DESC LIMIT ${count}
    ) recent ON true
    WHERE job.id = ANY(${jobIds}::uuid[]) AND job.account_id = ${accountId}
    ORDER BY job.id, recent.scheduled_for DESC`.execute(db);
  const byJob = Map.groupBy(rows, ({ jobId }) => jobId);
  return new Map([...byJob].map(([jobId, ofJob]) => [jobId, ofJob.filter(isExecution)]));
}

/** Of a job without any, there is one row with nothing of an execution. */
type RecentRow = { jobId: string } & (RecentExecution | { id: null });

function isExecution(row: RecentRow): row is RecentRow & RecentExecution {
  return row.id !== null;
}
