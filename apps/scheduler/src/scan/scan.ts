import type { TaskQueue } from '@automation/queue';
import {
  countUntimely,
  type Database,
  jobs,
  mayScan,
  type OpenPosition,
  recount,
  scanCounts,
  scanOpen,
  type Transaction,
} from '@automation/store';

import type { Finding } from './finding.ts';
import { releaseForgotten, removeIdleTasks, repairLostTasks } from './repair-executions.ts';

/** How far the scan has come in what is too much for one round. */
export interface ScanPosition {
  /** The open execution that was looked at last. */
  open: OpenPosition | null;
  /** The job whose counts were looked at last. */
  job: string | null;
}

export const START: ScanPosition = { open: null, job: null };

/** Rows of each kind that a round looks at, so that it stays a matter of milliseconds. */
const LIMIT = 500;

/**
 * One round of the scan (SPEC 3, the ledger): looks at a stretch of the open executions and of the jobs, repairs what is
 * safe to repair, and answers what it found and where to go on. Null while another replica scans.
 */
export async function scan(
  db: Database,
  queue: TaskQueue,
  from: ScanPosition,
): Promise<{ findings: Finding[]; next: ScanPosition } | null> {
  return queue.transaction(db, async (trx, writer) => {
    if (!(await mayScan(trx))) return null;
    const { withoutNextRun, overdue } = await countUntimely(trx, LIMIT);
    const open = await scanOpen(trx, from.open, LIMIT);
    const counts = await scanCounts(trx, from.job, LIMIT);
    const findings: Finding[] = [
      { kind: 'active_without_next_run', found: withoutNextRun, repaired: 0 },
      { kind: 'overdue_by_a_minute', found: overdue, repaired: 0 },
      // Jobs are locked before executions, as everybody does.
      await releaseForgotten(trx, writer, LIMIT),
      await repairCounts(trx, counts.miscounted),
      await repairLostTasks(trx, { queue, writer }, open),
      await removeIdleTasks(trx, queue, LIMIT),
    ];
    const next = { open: open.length < LIMIT ? null : (open.at(-1) ?? null), job: counts.last };
    return { findings: findings.filter(({ found }) => found > 0), next };
  });
}

async function repairCounts(trx: Transaction, jobIds: readonly string[]): Promise<Finding> {
  for (const id of jobIds) {
    await jobs.findForUpdate(trx, id);
    await recount(trx, id);
  }
  return { kind: 'wrong_counts', found: jobIds.length, repaired: jobIds.length };
}
