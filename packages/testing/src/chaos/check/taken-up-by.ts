import type { Incident } from '../evidence.ts';
import type { CaseFile } from './case-file.ts';

/** A crash leaves an execution to be taken up again within it (SPEC 3). */
export const TAKEN_UP_MS = 15_000;
/** From here on after a crash its tasks may be in another worker's hands, with which the same may happen. */
const HANDED_OUT_MS = 8_000;
/** How long processes may take to find the database again. */
const RECONNECTED_MS = 3_000;
const FOREVER = Number.MAX_SAFE_INTEGER;

interface Period {
  from: number;
  until: number;
}

/**
 * By when what a killed worker was at has to be taken up again: 15 s later, not counting what no scheduler, no worker or
 * no database was there for; and 15 s after a worker that may have had it meanwhile was lost too.
 */
export function takenUpBy(file: CaseFile, kill: Incident): number {
  const { incidents, lives } = file.evidence;
  const workers = new Set(lives.filter(({ app }) => app === 'worker').map(({ pid }) => pid));
  const absences = [
    ...absencesOf(file, 'scheduler'),
    ...absencesOf(file, 'worker'),
    ...incidents.filter(({ kind }) => kind === 'database').map(withReconnection),
  ].toSorted((a, b) => a.from - b.from);
  // A clean restart gives back what it can't finish, and loses nothing.
  const losses = incidents.filter(
    ({ kind, pid, at }) => kind !== 'terminate' && pid !== null && workers.has(pid) && at > kill.at,
  );
  let deadline = kill.at + TAKEN_UP_MS;
  for (const { from, until } of absences) {
    if (from <= deadline && until >= kill.at) deadline += until - Math.max(from, kill.at);
  }
  for (const { at } of losses.toSorted((a, b) => a.at - b.at)) {
    if (at >= kill.at + HANDED_OUT_MS && at <= deadline) deadline = Math.max(deadline, at + TAKEN_UP_MS);
  }
  return deadline;
}

function withReconnection({ at, until }: Incident): Period {
  return { from: at, until: until + RECONNECTED_MS };
}

/** When no process of an app was up and running. */
function absencesOf(file: CaseFile, app: string): Period[] {
  const lives = file.evidence.lives.filter((life) => life.app === app && life.readyAt !== null);
  const presences = lives.flatMap(({ pid, readyAt, endedAt }) =>
    without({ from: readyAt ?? 0, until: endedAt ?? FOREVER }, stopsOf(file, pid)),
  );
  return without({ from: 0, until: FOREVER }, presences);
}

function stopsOf({ evidence }: CaseFile, pid: number): Period[] {
  return evidence.incidents
    .filter((incident) => incident.kind === 'stop' && incident.pid === pid)
    .map(({ at, until }) => ({ from: at, until }));
}

/** What is left of a period without some others. */
function without(period: Period, others: readonly Period[]): Period[] {
  const left: Period[] = [];
  let { from } = period;
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    if (other.from > from) left.push({ from, until: Math.min(other.from, period.until) });
    from = Math.max(from, other.until);
  }
  if (from < period.until) left.push({ from, until: period.until });
  return left.filter(({ from: start, until }) => start < until);
}
