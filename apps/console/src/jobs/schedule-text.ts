import { describeSchedule, parseSchedule, ScheduleError } from '@automation/schedule';

/** Rows are drawn anew while one scrolls, and many jobs have the same schedule. */
const told = new Map<string, string>();

/** A schedule in plain English; as it is written if this version of the console can't read it. */
export function scheduleText(schedule: string, timezone: string): string {
  const key = `${timezone} ${schedule}`;
  const text = told.get(key) ?? describe(schedule, timezone);
  told.set(key, text);
  return text;
}

function describe(schedule: string, timezone: string): string {
  try {
    return describeSchedule(parseSchedule(schedule, timezone));
  } catch (error) {
    if (error instanceof ScheduleError) return schedule;
    throw error;
  }
}
