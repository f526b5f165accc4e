/** One of the five fields of a cron expression: what may stand in it. */
export interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** How many different values there are; a longer step would never step. */
  readonly size: number;
  /** Names of the values, from `min` on. */
  readonly names: readonly string[];
  /** What may stand in place of the whole field, besides `*`. */
  readonly whole: RegExp | null;
  /** What may stand in its list besides numbers, names and ranges: captures a value and which of its kind in the month. */
  readonly special: RegExp | null;
}

export const MINUTE: CronField = {
  name: 'minute',
  min: 0,
  max: 59,
  size: 60,
  names: [],
  whole: null,
  special: null,
};

export const HOUR: CronField = {
  name: 'hour',
  min: 0,
  max: 23,
  size: 24,
  names: [],
  whole: null,
  special: null,
};

export const DAY_OF_MONTH: CronField = {
  name: 'day of month',
  min: 1,
  max: 31,
  size: 31,
  names: [],
  whole: /^(?:\?|LW)$/i,
  special: /^(?:L|(\d+)W)$/i,
};

export const MONTH: CronField = {
  name: 'month',
  min: 1,
  max: 12,
  size: 12,
  names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
  whole: null,
  special: null,
};

export const DAY_OF_WEEK: CronField = {
  name: 'day of week',
  min: 0,
  max: 7,
  size: 7,
  names: 'SUN MON TUE WED THU FRI SAT'.split(' '),
  whole: /^\?$/,
  special: /^([a-z]{3}|\d+)(?:L|#(\d+))$/i,
};
