import type { JobAudit } from '../api/job-audit.ts';
import { auditCounts, auditDefects } from './audit-counts.ts';

const AUDIT: JobAudit = {
  from: '2026-01-04T09:00:00Z',
  to: '2026-01-05T09:00:00Z',
  history_from: null,
  expected: 12,
  succeeded: 8,
  declined: 3,
  failed: 0,
  timed_out: 0,
  cancelled: 0,
  skipped: 0,
  missed: 1,
  open: 0,
  due: 0,
  unaccounted: 0,
  unexpected: 0,
  unreadable: 0,
  manual: 2,
  lateness_ms: null,
};

test('the kinds that there are are counted, and add up to what was expected', () => {
  const counts = auditCounts(AUDIT);
  expect(counts.map(({ outcome }) => outcome)).toEqual(['succeeded', 'declined', 'missed']);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(AUDIT.expected);
});

test('anything unaccounted for is a defect, and so is what the ledger has too much of', () => {
  expect(auditDefects(AUDIT)).toEqual([]);
  expect(auditDefects({ ...AUDIT, unaccounted: 1, unexpected: 2 })).toEqual([
    '1 occurrence is unaccounted for: in no entry of the ledger.',
    '2 entries of the ledger are no occurrence, or repeat one.',
  ]);
});
