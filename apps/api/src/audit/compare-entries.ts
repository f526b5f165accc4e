import { AppError, type AuditCounts, type AuditWindow, JobAudit, KnownOccurrences } from '@automation/domain';
import { type LedgerEntry, type StoredAuditedJob, streamEntries, type Transaction } from '@automation/store';

export interface ComparedJob {
  jobId: string;
  counts: AuditCounts;
}

/**
 * Compares the ledgers of jobs, given in the order of their ids, with their schedules. No more than a fetch of entries is
 * held at a time, and between two of them others have their turn. Throws UNAVAILABLE once nobody waits for the answer.
 */
export async function compareEntries(
  trx: Transaction,
  { jobs, window }: { jobs: readonly StoredAuditedJob[]; window: AuditWindow },
  signal: AbortSignal,
): Promise<ComparedJob[]> {
  const [first] = jobs;
  const last = jobs.at(-1);
  if (first === undefined || last === undefined) return [];
  const known = new KnownOccurrences();
  const audits = new Map(jobs.map((job) => [job.id, new JobAudit(job, window, known)]));
  const ids = { first: first.id, last: last.id };
  for await (const entries of streamEntries(trx, ids, window)) {
    if (signal.aborted) throw new AppError('UNAVAILABLE', 'the client went away before the audit was over');
    for (const entry of entries) addEntry(audits.get(entry.job), entry);
  }
  return [...audits].map(([jobId, audit]) => ({ jobId, counts: audit.finish() }));
}

function addEntry(audit: JobAudit | undefined, { from, to, count }: LedgerEntry): void {
  if (to === null || count === null) audit?.addExecution(from);
  else audit?.addMissed({ from, to, count });
}
