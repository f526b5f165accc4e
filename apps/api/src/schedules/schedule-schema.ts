import { parseSchedule, ScheduleError } from '@automation/schedule';
import Joi from 'joi';

import { REQUIRED } from '../http/text-schema.ts';

/** A schedule's text (SPEC 2). Whether it is ever due is for the domain to say, which knows the time. */
export function scheduleSchema(): Joi.StringSchema {
  return Joi.string()
    .description('Five-field cron, `@hourly` and its like, `@every <duration>` or `@at <RFC 3339 instant>`.')
    .custom((text: string, helpers) => {
      if (text.trim() === '') return helpers.error('string.empty');
      const fault = faultOf(text, 'UTC');
      return fault === null ? text : helpers.error('schedule.invalid', { fault });
    })
    .messages({ 'string.empty': REQUIRED, 'schedule.invalid': '{{#fault}}' });
}

/** An IANA time zone name (SPEC 2). */
export function timezoneSchema(): Joi.StringSchema {
  return Joi.string()
    .description('IANA time zone of the schedule; `UTC` by default.')
    .custom((name: string, helpers) => {
      const fault = faultOf('@daily', name);
      return fault === null ? name : helpers.error('schedule.invalid', { fault });
    })
    .messages({ 'schedule.invalid': '{{#fault}}' });
}

function faultOf(schedule: string, timezone: string): string | null {
  try {
    parseSchedule(schedule, timezone);
    return null;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}
