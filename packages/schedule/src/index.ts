export { clockChangeNote } from './clock-change-note.ts';
export { describeSchedule } from './describe-schedule.ts';
export { countOccurrences } from './count-occurrences.ts';
export { isSameSchedule } from './is-same-schedule.ts';
export { lastOccurrence } from './last-occurrence.ts';
export { localTime } from './local-time.ts';
export { ScheduleError } from './schedule-error.ts';
export { nextRun, parseSchedule, type Schedule } from './schedule.ts';
export { upcoming } from './upcoming.ts';
