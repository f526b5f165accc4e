/** What a comparison of a job's schedule with the ledger came to. */
export interface JobAudit {
  from: string;
  to: string;
  /** How far back the history goes. */
  history_from: string | null;
  expected: number;
  succeeded: number;
  declined: number;
  failed: number;
  timed_out: number;
  cancelled: number;
  skipped: number;
  missed: number;
  open: number;
  /** Not claimed yet. */
  due: number;
  /** In no entry of the ledger: 0, or a defect of the service. */
  unaccounted: number;
  /** Entries that are no occurrence, or repeat one. */
  unexpected: number;
  /** Stretches whose schedule can't be read any more. */
  unreadable: number;
  /** Runs that were asked for, in none of the counts above. */
  manual: number;
  lateness_ms: { p50: number; p95: number; max: number } | null;
}
