import type { Call, Incident, Life, Violation } from '../evidence.ts';
import { type CaseFile, time } from './case-file.ts';
import { TAKEN_UP_MS, takenUpBy } from './taken-up-by.ts';

/** The grace period of the run, and what closing may take beyond it. */
const LONGEST_END_MS = 22_000;

/** No process ends by itself, a SIGTERM ends it cleanly, and none writes ERROR lines (SPEC 6). */
export function judgeEnds(file: CaseFile): Violation[] {
  return file.evidence.lives.flatMap((life) => [
    ...endOf(file, life).map((what) => ({ rule: 'process end', what: `${life.name} (${life.pid}) ${what}` })),
    ...life.errors.map((line) => ({ rule: 'error in a log', what: `${life.name} (${life.pid}) ${line}` })),
  ]);
}

/** Each service does what it has to with the rights of its role. */
export function judgeRefusals({ evidence }: CaseFile): Violation[] {
  return evidence.refusals.map((what) => ({ rule: 'right missing', what }));
}

function endOf(file: CaseFile, life: Life): string[] {
  const { endedAt, endedBy, code, signal, startedAt } = life;
  if (endedBy === 'kill') return [];
  if (endedAt === null) return ['did not end'];
  const exit = `at ${time(endedAt)} with ${code ?? signal}`;
  if (endedBy === 'terminate') return cleanEnd(file, life, endedAt).map((what) => `${what} ${exit}`);
  const isStartInOutage = life.readyAt === null && file.outage(startedAt - 1_000, endedAt) !== null;
  return isStartInOutage ? [] : [`ended by itself ${exit}`];
}

function cleanEnd(file: CaseFile, { pid, code, startedAt }: Life, endedAt: number): string[] {
  const ended = { from: startedAt, until: endedAt, pid };
  const begunAt = file.incidentDuring(['terminate'], ended)?.at ?? endedAt;
  const isDisturbed =
    file.outage(begunAt - 1_000, endedAt) ?? file.incidentDuring(['stop'], { ...ended, from: begunAt });
  if (isDisturbed !== null) return [];
  if (code !== 0) return ['was not ended cleanly by SIGTERM:'];
  return endedAt - begunAt > LONGEST_END_MS ? [`took ${endedAt - begunAt} ms to end after SIGTERM:`] : [];
}

/** How long it took after a worker was killed until others took up what it was at, in milliseconds. */
export interface Recoveries {
  times: number[];
  /** Later than 15 s, while something else held them up too. */
  excused: number;
  violations: Violation[];
}

/** A crash leaves an execution to be taken up again within 15 s (SPEC 3). */
export function measureRecoveries(file: CaseFile): Recoveries {
  const found: Recoveries = { times: [], excused: 0, violations: [] };
  for (const kill of file.evidence.incidents.filter(({ kind }) => kind === 'kill')) {
    const deadline = takenUpBy(file, kill);
    for (const call of file.evidence.calls.filter((each) => isCutOff(each, kill))) {
      const ms = recoveryMs(file, call, kill);
      if (ms === null) continue;
      if (Number.isFinite(ms)) found.times.push(ms);
      if (ms > TAKEN_UP_MS && kill.at + ms <= deadline) found.excused += 1;
      if (kill.at + ms <= deadline) continue;
      const what = `${call.key}: ${ms} ms after ${kill.what} at ${time(kill.at)}, due by ${time(deadline)}`;
      found.violations.push({ rule: 'taken up late', what });
    }
  }
  found.times.sort((a, b) => a - b);
  return found;
}

function isCutOff(call: Call, { pid, at }: Incident): boolean {
  return call.sender === pid && call.answer === null && call.at <= at && (call.endedAt ?? Infinity) >= at;
}

/** Null if it was cancelled meanwhile or taken up by another worker before; Infinity if nobody did so. */
function recoveryMs(file: CaseFile, call: Call, { at }: Incident): number | null {
  const execution = file.executions.get(call.execution);
  const next = (file.callsOfExecution.get(call.execution) ?? []).find((each) => each.at > call.at);
  if (next !== undefined) return next.at >= at ? next.at - at : null;
  const isOver = execution?.status === 'cancelled' || (execution?.completedAt ?? Infinity) < at;
  return isOver ? null : Infinity;
}
