import type { Call, LedgerExecution, Violation } from '../evidence.ts';
import { type CaseFile, time } from './case-file.ts';

const CANCELLATION_HEARD_MS = 2_000;
/** Most that a function server without enough of the processor is behind with its connections. */
const LONGEST_BACKLOG_MS = 10_000;

/** Requests that came again under the same key and attempt number, or after their execution's end, by their causes. */
export interface Repeats {
  violations: Violation[];
  repeated: Map<string, number>;
  afterEnd: Map<string, number>;
}

/** At least once is allowed, but not without a cause; and a clean restart is none (SPEC 3, 6). */
export function explainRepeats(file: CaseFile): Repeats {
  const found: Repeats = { violations: [], repeated: new Map(), afterEnd: new Map() };
  const groups = Map.groupBy(file.evidence.calls, ({ key, attempt }) => `${key} attempt ${attempt}`);
  for (const [what, calls] of groups) {
    const inOrder = calls.toSorted((a, b) => a.at - b.at);
    for (const [index, call] of inOrder.entries()) {
      const before = inOrder[index - 1];
      if (before === undefined) continue;
      const cause = causeOfRepeat(file, before, call);
      add(found.repeated, cause);
      if (!ALLOWED.has(cause)) {
        found.violations.push({
          rule: 'repeated without cause',
          what: `${cause}: ${what} ${pair(before, call)}`,
        });
      }
    }
  }
  for (const call of file.evidence.calls) {
    const cause = causeAfterEnd(file, call);
    if (cause === null) continue;
    add(found.afterEnd, cause);
    if (!ALLOWED.has(cause)) {
      const end = time(file.executions.get(call.execution)?.completedAt ?? null);
      const what = `${cause}: ${call.key} attempt ${call.attempt} at ${time(call.at)}, recorded end ${end}`;
      found.violations.push({ rule: 'request after the end', what });
    }
  }
  return found;
}

const UNKNOWN = 'no cause known';
/** A clean restart, `terminate`, gives back only what is not finished in its grace period, which no function here takes. */
const ALLOWED: ReadonlySet<string> = new Set(['kill', 'stop', 'database', 'cancelled', 'noticed late']);

/** Either the first one's worker lost its lease, or the second one's had lost it before. */
function causeOfRepeat(file: CaseFile, before: Call, call: Call): string {
  return file.leaseLoss([before, call], call.at)?.kind ?? UNKNOWN;
}

/** Null if the call came before the recorded end of its execution. */
function causeAfterEnd(file: CaseFile, call: Call): string | null {
  const execution = file.executions.get(call.execution);
  if (execution === undefined || execution.completedAt === null || call.at <= execution.completedAt)
    return null;
  const isCancelled = execution.status === 'cancelled';
  if (isCancelled && call.at <= execution.completedAt + CANCELLATION_HEARD_MS) return 'cancelled';
  if (wasGivenUp(file, execution, call) && call.at <= execution.completedAt + LONGEST_BACKLOG_MS)
    return 'noticed late';
  return file.leaseLoss([call], call.at)?.kind ?? UNKNOWN;
}

/**
 * It is the one request of an attempt that timed out, or that another one came after: when the function server got round to
 * it, the worker had given it up.
 */
function wasGivenUp(
  file: CaseFile,
  execution: LedgerExecution,
  { phase, attempt, at, endedAt }: Call,
): boolean {
  const record = execution[phase];
  if (record === null || attempt > record.attempts) return false;
  if (attempt === record.attempts && record.status !== 'timed_out') return false;
  const requests = file.callsOf(execution, phase).filter((other) => other.attempt === attempt);
  return requests.length === 1 && endedAt !== null && endedAt - at <= file.noticedMs;
}

function add(counts: Map<string, number>, cause: string): void {
  counts.set(cause, (counts.get(cause) ?? 0) + 1);
}

function pair(before: Call, call: Call): string {
  const answer = before.answer === null ? 'not answered' : `answered ${before.answer.status}`;
  return `at ${time(before.at)} by ${before.sender} (${answer} ${time(before.endedAt)}) and at ${time(call.at)} by ${call.sender}`;
}
