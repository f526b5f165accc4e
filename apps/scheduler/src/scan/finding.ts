/** What a scan may find wrong: each is a violation of the ledger's invariants, or a sign that nobody works (SPEC 3). */
export const FINDING_KINDS = [
  'active_without_next_run',
  'overdue_by_a_minute',
  'execution_without_task',
  'waiting_for_nobody',
  'task_without_execution',
  'wrong_counts',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Cases of one kind, and how many of them were repaired. */
export interface Finding {
  kind: FindingKind;
  found: number;
  repaired: number;
}
