import { parseArgs } from 'node:util';

export interface ChaosOptions {
  /** Repeats the choice of jobs, answers, operations and disturbances. */
  seed: number;
  /** How long the disturbances go on. */
  minutes: number;
  jobs: number;
  /** Keeps the data directory and the logs even if all is well. */
  keep: boolean;
}

const SHORT_RUN_MINUTES = 1;

/** Reads the command line; throws a RangeError that says what is wrong with it. */
export function readOptions(argv: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      jobs: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const minutes = positive('--minutes', values.minutes);
  const usual = minutes > SHORT_RUN_MINUTES ? 300 : 120;
  return {
    seed: positive('--seed', values.seed),
    minutes,
    jobs: values.jobs === undefined ? usual : Math.ceil(positive('--jobs', values.jobs)),
    keep: values.keep,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e9) throw new RangeError(`${name} takes a number above 0, got ${text}`);
  return value;
}
