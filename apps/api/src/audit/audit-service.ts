import { addCounts, type AuditCounts, type AuditWindow, NOTHING_AUDITED } from '@automation/domain';
import {
  countExecutions,
  listAudited,
  measureLateness,
  readLedger,
  type StoredAuditedJob,
  type Transaction,
} from '@automation/store';

import type { ApiDependencies } from '../dependencies.ts';
import type { Audit } from './audit-json.ts';
import { type AuditQuery, auditWindow } from './audit-query.ts';
import { type ComparedJob, compareEntries } from './compare-entries.ts';

/** Each statement ends by then. */
const TIMEOUT_MS = 30_000;
const JOBS_AT_ONCE = 1_000;
const MOST_DEFECTS = 100;

export interface ServiceAudit extends Audit {
  /** How many jobs had anything to compare. */
  jobs: number;
  /** Jobs whose ledger differs from their schedule; the first of them by id. */
  defects: readonly ComparedJob[];
}

/**
 * Compares every job's ledger with its schedule (SPEC 3, the ledger), all of it as it is at one instant. Throws UNAVAILABLE if
 * the database is too busy to say.
 */
export async function auditService(
  api: ApiDependencies,
  query: AuditQuery,
  signal: AbortSignal,
): Promise<ServiceAudit> {
  return readLedger(api.store.db, TIMEOUT_MS, async (trx, bounds) => {
    const window = auditWindow(query, bounds);
    const compared = await compareAll(trx, window, signal);
    return {
      ...compared,
      window,
      bounds,
      executions: await countExecutions(trx, window, null),
      lateness: await measureLateness(trx, window, null),
    };
  });
}

type Comparison = Pick<ServiceAudit, 'jobs' | 'defects' | 'counts'>;

async function compareAll(trx: Transaction, window: AuditWindow, signal: AbortSignal): Promise<Comparison> {
  let total: Comparison = { jobs: 0, counts: NOTHING_AUDITED, defects: [] };
  for await (const jobs of pagesOfJobs(trx, window)) {
    const compared = await compareEntries(trx, { jobs, window }, signal);
    total = compared.reduce(add, total);
  }
  return total;
}

async function* pagesOfJobs(trx: Transaction, window: AuditWindow): AsyncGenerator<StoredAuditedJob[]> {
  let after: string | null = null;
  for (;;) {
    const page: StoredAuditedJob[] = await listAudited(trx, { after, limit: JOBS_AT_ONCE }, window);
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < JOBS_AT_ONCE) return;
    after = last.id;
  }
}

function add(total: Comparison, job: ComparedJob): Comparison {
  const { counts } = job;
  const isDefect = counts.unaccounted > 0 || counts.unexpected > 0;
  return {
    jobs: total.jobs + (isEmpty(counts) ? 0 : 1),
    counts: addCounts(total.counts, counts),
    defects: isDefect && total.defects.length < MOST_DEFECTS ? [...total.defects, job] : total.defects,
  };
}

function isEmpty({ expected, unexpected, unreadable }: AuditCounts): boolean {
  return expected === 0 && unexpected === 0 && unreadable === 0;
}
