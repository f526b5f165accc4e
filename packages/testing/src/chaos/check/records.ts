import type { LedgerExecution, LedgerJob, LedgerPhase, Violation } from '../evidence.ts';
import { type CaseFile, hasSaid, nameOf } from './case-file.ts';

const FINAL = new Set(['succeeded', 'failed', 'timed_out']);

/** Everything is finished, each occurrence is recorded once, and the jobs count what was recorded (SPEC 1, 3.8). */
export function countRecords(file: CaseFile): Violation[] {
  const { ledger } = file.evidence;
  const open = ledger.executions.filter(({ completedAt }) => completedAt === null);
  const left = ledger.waitingLeft === 0 ? [] : [`${ledger.waitingLeft} rows are left in the waiting list`];
  return [
    ...open.map((execution) => ({ rule: 'open', what: nameOf(execution) })),
    ...left.map((what) => ({ rule: 'open', what })),
    ...ledger.jobs.flatMap((job) => countOne(job, file.executionsOfJob.get(job.id) ?? [])),
  ];
}

function countOne(job: LedgerJob, executions: readonly LedgerExecution[]): Violation[] {
  const performed = executions.filter(isPerformed).length;
  const checked = executions.filter(({ check }) => check !== null && FINAL.has(check.status)).length;
  const places = new Set(executions.map(({ scheduledForText }) => scheduledForText));
  const faults: [boolean, string, string][] = [
    [
      job.runCount !== performed,
      'run_count',
      `run_count ${job.runCount}, but ${performed} performs have an outcome`,
    ],
    [
      job.checkCount !== checked,
      'check_count',
      `check_count ${job.checkCount}, but ${checked} checks have an outcome`,
    ],
    [
      job.inFlight !== openOf(executions),
      'in_flight',
      `in_flight ${job.inFlight}, ${openOf(executions)} are open`,
    ],
    [job.waiting !== 0, 'in_flight', `waiting ${job.waiting}`],
    [job.enabled, 'enabled', 'still enabled, although it was disabled'],
    [places.size < executions.length, 'recorded twice', 'two executions of one occurrence'],
  ];
  return faults
    .filter(([isFault]) => isFault)
    .map(([, rule, what]) => ({ rule, what: `${what}, job ${job.id} (${job.status})` }));
}

/** A perform of an execution that was cancelled has no outcome. */
function isPerformed({ status, perform }: LedgerExecution): boolean {
  return status !== 'cancelled' && perform !== null && FINAL.has(perform.status);
}

function openOf(executions: readonly LedgerExecution[]): number {
  return executions.filter(({ completedAt }) => completedAt === null).length;
}

/** What is recorded of a phase is what the function answered to that attempt. */
export function compareAnswers(file: CaseFile): Violation[] {
  return file.evidence.ledger.executions.flatMap((execution) => {
    const { check, perform } = execution;
    return [...compare(file, execution, 'check', check), ...compare(file, execution, 'perform', perform)];
  });
}

function compare(
  file: CaseFile,
  execution: LedgerExecution,
  phase: 'check' | 'perform',
  record: LedgerPhase | null,
): Violation[] {
  if (record === null || !FINAL.has(record.status)) return [];
  const calls = file.callsOf(execution, phase).filter(({ attempt }) => attempt === record.attempts);
  const wanted = execution.status === 'declined' ? 'no' : 'yes';
  const isTrue =
    record.status === 'succeeded'
      ? calls.some((call) => hasSaid(call, wanted, execution.completedAt ?? Infinity))
      : record.status === 'timed_out'
        ? calls.length > 0
        : calls.some((call) => hasSaid(call, 'fault') || call.answer === null);
  if (isTrue) return [];
  const answers = calls.map(({ answer }) => answer?.status ?? 'none').join(', ');
  const said = calls.length === 0 ? 'no such request was made' : `the function answered: ${answers}`;
  const recorded = `${phase} attempt ${record.attempts} is recorded as ${record.status}`;
  return [{ rule: 'never answered so', what: `${recorded}, but ${said}; ${nameOf(execution)}` }];
}

/** No perform without an earlier check of the same execution that said yes (SPEC 3.6). */
export function requireChecks(file: CaseFile): Violation[] {
  return file.evidence.calls.flatMap((call) => {
    if (call.phase !== 'perform') return [];
    const checks = (file.callsOfExecution.get(call.execution) ?? []).filter(({ phase }) => phase === 'check');
    if (checks.some((check) => hasSaid(check, 'yes', call.at))) return [];
    return [{ rule: 'perform without check', what: `execution ${call.execution} of job ${call.job}` }];
  });
}

/** `max_runs` is never exceeded (SPEC 1); what was cancelled is no run. */
export function boundRuns(file: CaseFile): Violation[] {
  return file.evidence.ledger.jobs.flatMap((job) => {
    if (job.maxRuns === 0) return [];
    const performed = (file.executionsOfJob.get(job.id) ?? []).filter(
      (execution) => execution.status !== 'cancelled' && file.callsOf(execution, 'perform').length > 0,
    ).length;
    if (job.runCount <= job.maxRuns && performed <= job.maxRuns) return [];
    const what = `max_runs ${job.maxRuns}, run_count ${job.runCount}, ${performed} executions performed, job ${job.id}`;
    return [{ rule: 'max_runs exceeded', what }];
  });
}

/** The ledger knows each execution that a function was asked for, under the key and the occurrence that it says. */
export function recogniseCalls(file: CaseFile): Violation[] {
  return file.evidence.calls.flatMap((call) => {
    const execution = file.executions.get(call.execution);
    const isKnown =
      execution?.job === call.job &&
      call.key === `${call.execution}:${call.phase}` &&
      Math.floor(execution.scheduledFor) === Date.parse(call.scheduledFor);
    return isKnown ? [] : [{ rule: 'unknown request', what: JSON.stringify(call) }];
  });
}
