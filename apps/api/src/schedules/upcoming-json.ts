import { clockChangeNote, describeSchedule, localTime, type Schedule } from '@automation/schedule';
import Joi from 'joi';

import { instant, instantSchema, isWritable } from '../http/instant.ts';

/** A schedule read aloud, and when it is due next: in UTC, by the clocks of its zone, and what they do that day. */
export function upcomingJson(schedule: Schedule, runs: readonly Date[]) {
  return {
    schedule: schedule.text,
    timezone: schedule.timezone,
    description: describeSchedule(schedule),
    next_runs: runs.filter(isWritable).map((at) => {
      const note = clockChangeNote(schedule, at);
      return {
        at: instant(at),
        local: localTime(at, schedule.timezone),
        ...(note === null ? {} : { note }),
      };
    }),
  };
}

export const upcomingSchema = Joi.object({
  schedule: Joi.string().required(),
  timezone: Joi.string().required(),
  description: Joi.string().required().description('The schedule in plain English.'),
  next_runs: Joi.array()
    .items(
      Joi.object({
        at: instantSchema('In UTC.'),
        local: Joi.string().required().description('By the clocks of the time zone, with their offset.'),
        note: Joi.string().description('What a clock change on that day does to the run.'),
      }),
    )
    .required(),
}).id('Upcoming');
