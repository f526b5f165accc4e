import { countCron } from './count-cron.ts';
import { countEvery } from './count-every.ts';
import { cronExpression } from './cron.ts';
import type { Schedule } from './schedule.ts';

/**
 * The number of occurrences with after < occurrence <= until, in milliseconds since the epoch and at most a search
 * window (SPEC 2) apart.
 */
export type CountOccurrences = (after: number, until: number) => number;

/** Counts without going from one occurrence to the next, in a time that does not grow with their number. */
export function occurrenceCounter(schedule: Schedule, anchor: Date): CountOccurrences {
  switch (schedule.kind) {
    case 'cron':
      return countCron(cronExpression(schedule.text), schedule.timezone);
    case 'every':
      return countEvery(schedule.text.replace(/^\S+\s*/, ''), anchor.getTime());
    case 'at':
      return (after, until) => {
        const next = schedule.next(new Date(after), anchor);
        return next !== null && next.getTime() <= until ? 1 : 0;
      };
  }
}
