import type { Attempt } from '../api/execution.ts';
import type { Outcome } from '../components/outcome.ts';

const LABELS: Record<string, { outcome: Outcome; label: string }> = {
  succeeded: { outcome: 'succeeded', label: 'Succeeded' },
  failed: { outcome: 'failed', label: 'Failed' },
  retrying: { outcome: 'failed', label: 'Failed' },
  timed_out: { outcome: 'timed_out', label: 'Timed out' },
  accepted: { outcome: 'open', label: 'Accepted' },
};

/** What came of an attempt: its mark, and in words with the status of HTTP. */
export function attemptLook({ status, http_status: httpStatus }: Pick<Attempt, 'status' | 'http_status'>) {
  const { outcome, label } = LABELS[status] ?? { outcome: 'open', label: status };
  return { outcome, text: httpStatus === null ? label : `${label}, HTTP ${httpStatus}` };
}
