import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in ticks of 10 ms, whatever its kernel is built for. */
const TICK_US = 10_000;

interface ProcessTimes {
  parent: number;
  /** Its own. */
  ticks: number;
  /** Of its children that have ended. */
  endedTicks: number;
}

/** CPU time in core-µs that a process has used so far; NaN where there is no /proc. */
export function cpuOfProcess(pid: number): number {
  const times = timesOf(pid);
  return times === null ? NaN : times.ticks * TICK_US;
}

/** The same of a process and its children, those that have ended included: PostgreSQL has one for each session. */
export function cpuOfFamily(pid: number): number {
  const parent = timesOf(pid);
  if (parent === null) return NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter((times) => times?.parent === pid);
  const living = children.reduce((total, times) => total + (times?.ticks ?? 0), 0);
  return (parent.ticks + parent.endedTicks + living) * TICK_US;
}

/** Memory in bytes that a process has resident; NaN where there is no /proc. */
export function residentBytes(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return Number(kibibytes) * 1_024;
}

function timesOf(pid: number): ProcessTimes | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name, in brackets, may hold anything; the fields after it are numbered from 3 on (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), ticks: field(14) + field(15), endedTicks: field(16) + field(17) };
}

/** Null if the process has ended, or if this is no Linux. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
