export { parseDuration } from './duration.ts';
export { ScheduleError } from './schedule-error.ts';
export { nextRun, parseSchedule, type Schedule } from './schedule.ts';
export { upcoming } from './upcoming.ts';
