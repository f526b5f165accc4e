import type { ExecutionStatus } from '../api/execution.ts';

/** What has become of an occurrence, as far as it is shown: everything unfinished is `open`. */
export type Outcome =
  'succeeded' | 'declined' | 'skipped' | 'failed' | 'timed_out' | 'cancelled' | 'open' | 'missed';

/** In the order in which legends show them. */
export const OUTCOMES: readonly Outcome[] = [
  'succeeded',
  'declined',
  'failed',
  'timed_out',
  'cancelled',
  'skipped',
  'missed',
  'open',
];

interface OutcomeLook {
  label: string;
  /** A CSS colour, for what is not styled by a class, as in charts. */
  color: string;
  /** The mark's shape within 8 × 16, so that outcomes are told apart without their colours as well. */
  path: string;
}

const LOOKS: Record<Outcome, OutcomeLook> = {
  succeeded: { label: 'Succeeded', color: 'var(--succeeded)', path: 'M1 1h6v14H1z' },
  declined: { label: 'Declined', color: 'var(--declined)', path: 'M1 9h6v6H1z' },
  failed: { label: 'Failed', color: 'var(--failed)', path: 'M1 1h2l1 4 1-4h2L5 8l2 7H5l-1-4-1 4H1l2-7z' },
  timed_out: { label: 'Timed out', color: 'var(--timed-out)', path: 'M4 1l3 14H1z' },
  cancelled: { label: 'Cancelled', color: 'var(--cancelled)', path: 'M1 5 7 1v10l-6 4z' },
  skipped: { label: 'Skipped', color: 'var(--skipped)', path: 'M1 11l3-3 3 3-3 3z' },
  missed: { label: 'Missed', color: 'var(--missed)', path: 'M1 1h6v2H1zM1 13h6v2H1z' },
  open: { label: 'Open', color: 'var(--open)', path: 'M1 1h6v14H1zM3 3v10h2V3z' },
};

export function lookOf(outcome: Outcome): OutcomeLook {
  return LOOKS[outcome];
}

export function outcomeOf(status: ExecutionStatus): Outcome {
  return status === 'pending' || status === 'checking' || status === 'performing' ? 'open' : status;
}

/** How many there are of each, in words: `17 succeeded, 2 declined, 1 failed`. */
export function summary(outcomes: readonly Outcome[]): string {
  const counts = OUTCOMES.map((outcome) => ({
    label: LOOKS[outcome].label.toLowerCase(),
    count: outcomes.filter((each) => each === outcome).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ count, label }) => `${count} ${label}`)
    .join(', ');
}
