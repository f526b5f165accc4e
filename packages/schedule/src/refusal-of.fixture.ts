import { ScheduleError } from './schedule-error.ts';

/** The ScheduleError that an action throws; a failure if it throws nothing or anything else. */
export function refusalOf(action: () => unknown): ScheduleError {
  try {
    action();
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw new Error('not a ScheduleError', { cause: error });
  }
  throw new Error('nothing was refused');
}
