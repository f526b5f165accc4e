import { parseArgs } from 'node:util';

export interface FuzzRunOptions {
  /** Repeats the same requests. */
  seed: number;
  requests: number;
}

const LARGEST_SEED = 1_000_000;

/** Reads the command line; throws a RangeError that says what is wrong with it. */
export function readOptions(argv: readonly string[]): FuzzRunOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: { seed: { type: 'string' }, requests: { type: 'string', default: '20000' } },
  });
  const anySeed = Math.ceil(Math.random() * LARGEST_SEED);
  return {
    seed: values.seed === undefined ? anySeed : whole('--seed', values.seed),
    requests: whole('--requests', values.requests),
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 1e9) return value;
  throw new RangeError(`${name} takes a whole number above 0, got ${text}`);
}
