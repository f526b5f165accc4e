import { type ClockChange, lastClockChange, nextClockChange, wallTime } from './clock-change.ts';
import { parseCronPattern } from './cron-pattern.ts';
import { cronExpression } from './cron.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
// As many skipped times as are listed one by one.
const MOST_TIMES = 3;
const EPOCH = new Date(0);

const series = new Intl.ListFormat('en-GB');

interface Run {
  readonly schedule: Schedule;
  readonly fixedTime: boolean;
  readonly at: number;
  readonly wall: number;
}

/**
 * What a change of the clocks does to one run of a cron schedule, by the rules of SPEC 2, for the user who looks at the
 * list of its runs: `clocks go forward from 02:00 to 03:00 on this day: runs once, at 03:00, for the skipped 02:30`.
 * A time that is skipped without replacement is noted on the next run. Null if the run is not affected.
 *
 * @param at an occurrence of the schedule
 */
export function clockChangeNote(schedule: Schedule, at: Date): string | null {
  if (schedule.kind !== 'cron') return null;
  const run: Run = {
    schedule,
    fixedTime: parseCronPattern(cronExpression(schedule.text)).fixedTime,
    at: at.getTime(),
    wall: wallTime(at.getTime(), schedule.timezone),
  };
  return noteOnRepeatedTime(run) ?? noteOnSkippedTimes(run);
}

function noteOnRepeatedTime({ schedule, fixedTime, at, wall }: Run): string | null {
  const next = nextClockChange(at, schedule.timezone);
  const last = lastClockChange(at, schedule.timezone);
  const change = [next, last].find((candidate) => candidate !== null && repeats(candidate, at));
  if (!change) return null;
  const runs = fixedTime
    ? ', runs only the first time'
    : ` and runs both times, this is the ${at < change.at ? 'first' : 'second'}`;
  return `${changeInWords(change, wall)}: ${clockTime(wall)} happens twice${runs}`;
}

/** Whether the clock shows the time of this instant twice. */
function repeats(change: ClockChange, instant: number): boolean {
  const repeated = change.before - change.after;
  return change.at - repeated <= instant && instant < change.at + repeated;
}

function noteOnSkippedTimes(run: Run): string | null {
  let change = lastClockChange(run.at, run.schedule.timezone);
  while (change !== null && isFirstRunAfter(change, run)) {
    const skipped = skippedTimes(change, run.schedule);
    if (skipped.length > 0) return `${changeInWords(change, run.wall)}: ${effect(change, skipped, run)}`;
    change = lastClockChange(change.at - 1, run.schedule.timezone);
  }
  return null;
}

/** A fixed-time job catches up on a skipped time at the very instant of the change. */
function isFirstRunAfter(change: ClockChange, run: Run): boolean {
  return run.fixedTime ? run.at === change.at : nextWall(run.schedule, change.after - 1) === run.wall;
}

/** The first of the times that match the schedule, and are skipped: one more than are listed, if there are as many. */
function skippedTimes({ before, after }: ClockChange, schedule: Schedule): number[] {
  const times: number[] = [];
  let wall = nextWall(schedule, before - 1);
  while (wall !== null && wall < after && times.length <= MOST_TIMES) {
    times.push(wall);
    wall = nextWall(schedule, wall);
  }
  return times;
}

function effect(change: ClockChange, skipped: number[], run: Run): string {
  const ofThatDay = startOfDay(run.wall) === startOfDay(change.before) ? '' : ' of that day';
  const listed = skipped.length <= MOST_TIMES;
  const times = `${series.format(skipped.map(clockTime))}${ofThatDay}`;
  if (run.fixedTime) {
    const replaced = `the skipped ${listed ? times : `times${ofThatDay}`}`;
    const isOwnTime = nextWall(run.schedule, run.wall - 1) === run.wall;
    return isOwnTime
      ? `the run at ${clockTime(run.wall)} is also the one for ${replaced}`
      : `runs once, at ${clockTime(run.wall)}, for ${replaced}`;
  }
  if (skipsWholeDay(change)) return 'no runs on that day';
  if (!listed) return 'no runs in between';
  return `no ${skipped.length === 1 ? 'run' : 'runs'} at ${times}`;
}

/** The next time of the schedule by the calendar, whether the clocks of its zone show it or not. */
function nextWall(schedule: Schedule, wall: number): number | null {
  return parseSchedule(schedule.text).next(new Date(wall), EPOCH)?.getTime() ?? null;
}

function changeInWords(change: ClockChange, wall: number): string {
  const { before, after } = change;
  const day = startOfDay(Math.min(before, after));
  if (skipsWholeDay(change)) return `clocks skip ${date(day)}`;
  const direction = after > before ? 'forward' : 'back';
  const [from, to] = [before, after].map((time) => timeOfDay(time, day));
  const when = startOfDay(wall) === day ? 'on this day' : `on ${date(day)}`;
  return `clocks go ${direction} from ${from} to ${to} ${when}`;
}

/** As in Pacific/Apia, which crossed the date line. */
function skipsWholeDay({ before, after }: ClockChange): boolean {
  return after - before === DAY && before === startOfDay(before);
}

/** Midnight is 24:00 of the day that ends. */
function timeOfDay(wall: number, day: number): string {
  if (wall === day + DAY) return '24:00';
  return startOfDay(wall) === day ? clockTime(wall) : `${date(wall)} ${clockTime(wall)}`;
}

function startOfDay(wall: number): number {
  return Math.floor(wall / DAY) * DAY;
}

function date(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

function clockTime(wall: number): string {
  return new Date(wall).toISOString().slice(11, wall % MINUTE === 0 ? 16 : 19);
}
