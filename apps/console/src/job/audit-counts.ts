import type { JobAudit } from '../api/job-audit.ts';
import { lookOf, type Outcome, OUTCOMES } from '../components/outcome.ts';

export interface AuditCount {
  outcome: Outcome;
  label: string;
  color: string;
  count: number;
}

/** What has become of the occurrences, in the order of legends; what has not happened is left out. */
export function auditCounts(audit: JobAudit): AuditCount[] {
  return OUTCOMES.map((outcome) => ({ outcome, ...lookOf(outcome), count: audit[outcome] })).filter(
    ({ count }) => count > 0,
  );
}

/** What the service has done wrong; empty if nothing. */
export function auditDefects({ unaccounted, unexpected, unreadable }: JobAudit): string[] {
  return [
    unaccounted > 0 && `${occurrences(unaccounted)} unaccounted for: in no entry of the ledger.`,
    unexpected > 0 && `${unexpected} entries of the ledger are no occurrence, or repeat one.`,
    unreadable > 0 && 'Part of the schedule’s history can’t be read any more.',
  ].filter((text) => text !== false);
}

function occurrences(count: number): string {
  return count === 1 ? '1 occurrence is' : `${count} occurrences are`;
}
