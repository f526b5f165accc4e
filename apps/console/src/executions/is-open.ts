import type { ExecutionStatus } from '../api/execution.ts';
import { outcomeOf } from '../components/outcome.ts';

/** Whether an execution has no outcome yet. */
export function isOpen(status: ExecutionStatus): boolean {
  return outcomeOf(status) === 'open';
}
