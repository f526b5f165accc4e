import type { Job } from '../api/job.ts';
import { type BulkKind, bulkKind, type Target } from './bulk-kind.ts';

export interface JobAction {
  kind: BulkKind;
  label: string;
  /** Those of the jobs that it is for. */
  targets: Target[];
}

const OFFERED: readonly { kind: BulkKind; label: string }[] = [
  { kind: 'run', label: 'Run now' },
  { kind: 'pause', label: 'Pause' },
  { kind: 'resume', label: 'Resume' },
];

/** What can be done with jobs, and for which of them it is. */
export function jobActions(jobs: readonly Job[]): JobAction[] {
  return OFFERED.map(({ kind, label }) => ({
    kind,
    label,
    targets: jobs.filter(bulkKind(kind).isFor).map((job) => ({ job, executionId: null })),
  }));
}
