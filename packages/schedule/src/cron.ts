import { type CronPattern, parseCronPattern } from './cron-pattern.ts';
import { cronerNext } from './croner-next.ts';
import { rememberLastStretch, type Stretch } from './interval-memory.ts';
import type { NextOccurrence } from './next-occurrence.ts';
import { UTC } from './timezone.ts';
import { searchZone } from './zone-search.ts';

const NAMED: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@annually', '0 0 1 1 *'],
  ['@yearly', '0 0 1 1 *'],
]);

/** The five fields that a name such as `@hourly` stands for; any other text as it is. */
export function cronExpression(text: string): string {
  return NAMED.get(text.toLowerCase()) ?? text;
}

/**
 * The occurrences of five-field cron, or of a name such as `@hourly` (SPEC 2).
 *
 * @param text trimmed, with white space folded
 * @param zone canonical name of the time zone whose clocks the fields refer to
 * @throws {ScheduleError} `schedule "X" must contain 5 fields`, or a message that names the field and its value
 */
export function cronOccurrences(text: string, zone: string): NextOccurrence {
  const pattern = parseCronPattern(cronExpression(text));
  if (!pattern.satisfiable) return () => null;
  return rememberLastStretch(zone === UTC ? searchUtc(pattern) : searchZone(pattern, zone));
}

function searchUtc(pattern: CronPattern): (after: number) => Stretch {
  return (after) => {
    const next = cronerNext(pattern.text, after);
    return { until: next ?? Infinity, occurs: next !== null };
  };
}
