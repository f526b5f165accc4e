/**
 * What is wrong with a schedule's text, time zone or duration. The message is meant for the user who wrote it
 * (SPEC 2 fixes the wording of the common ones); `schedule` is the text that was refused.
 */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly schedule: string;

  constructor(message: string, schedule: string) {
    super(message);
    this.schedule = schedule;
  }
}
