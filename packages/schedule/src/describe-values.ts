import { type CronField, DAY_OF_WEEK } from './cron-field.ts';
import { parseField, valuesOf } from './parse-field.ts';

// As many values as are listed one by one.
const MOST_VALUES = 10;
const SATURDAY = 6;
const SUNDAY = 7;

/** The different values of a field in order; the week ends on Sunday. */
export function valuesIn(text: string, field: CronField): number[] {
  if (field !== DAY_OF_WEEK) return inOrder(valuesOf(parseField(text, field, text)));
  // Without an end of its own, a step goes on to Saturday only.
  const ended = text.replaceAll(/(?<![-\d])\d(?=\/)/g, `$&-${SATURDAY}`);
  return inOrder(valuesOf(parseField(ended, field, text)).map((value) => (value === 0 ? SUNDAY : value)));
}

function inOrder(values: number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}

/** The values as a step, if that is short and true, which it is not if the last step of the hour is a shorter one. */
export function stepped(values: number[], field: CronField): string {
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  const step = stepOf(values);
  if (step > 1) {
    const goesRound = values.length * step === field.size;
    if (goesRound && first === field.min) return `*/${step}`;
    if (goesRound && values.length > 2) return `${first}/${step}`;
    if (values.length > MOST_VALUES) return `${first}-${last}/${step}`;
  }
  return listed(values, field);
}

/** The distance of the values from each other; 0 if it varies. */
export function stepOf(values: number[]): number {
  const [first = 0, second = first] = values;
  const step = second - first;
  return values.every((value, index) => value === first + index * step) ? step : 0;
}

/** The values as a list in which three and more in a row are a range; `*` if they are all there are. */
export function listed(values: number[], field: CronField): string {
  if (values.length === field.size) return '*';
  return runsOf(values)
    .flatMap((run) => (run.length > 2 ? [asRange(run)] : run.map(String)))
    .join(',');
}

/** The values as a list of ranges, also where a range is one value long. */
export function asRanges(values: number[]): string {
  return runsOf(values).map(asRange).join(',');
}

function asRange(run: number[]): string {
  return `${run[0]}-${run.at(-1)}`;
}

/** Splits the values where one is not the successor of the one before. */
function runsOf(values: number[]): number[][] {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs;
}
