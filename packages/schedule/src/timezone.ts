import { ScheduleError } from './schedule-error.ts';

/** The one zone whose clock never changes, and to which Intl resolves all its aliases. */
export const UTC = 'UTC';

/** A time zone: the name to show, and the name under which Intl knows its rules. */
export interface TimeZone {
  readonly name: string;
  readonly canonical: string;
}

const LONGEST_NAME = 64;
// ICU takes offsets, and abbreviations such as IST that mean different zones to different people; IANA does not.
const FOREIGN = /^(?:[+-]|systemv\/)/i;
const ABBREVIATION = /^[a-z]{3}$/i;
const IANA_ABBREVIATIONS: ReadonlySet<string> = new Set(
  'CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '),
);

/**
 * Finds a time zone by its IANA name, without regard to case (SPEC 2). The canonical name is the one to give to
 * whatever caches by zone: the spellings that users can invent are many, the zones some hundred.
 *
 * @param schedule the schedule that is to run in this zone, for the error
 * @throws {ScheduleError} `timezone "X" is not an IANA time zone`
 */
export function findTimeZone(name: string, schedule: string): TimeZone {
  const canonical = isForeign(name) ? null : resolve(name);
  if (canonical === null) {
    throw new ScheduleError(`timezone "${name.slice(0, LONGEST_NAME)}" is not an IANA time zone`, schedule);
  }
  const sameName = canonical.toLowerCase() === name.toLowerCase();
  return { name: sameName ? canonical : name, canonical };
}

function isForeign(name: string): boolean {
  if (name.length > LONGEST_NAME || FOREIGN.test(name)) return true;
  return ABBREVIATION.test(name) && !IANA_ABBREVIATIONS.has(name.toUpperCase());
}

function resolve(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
