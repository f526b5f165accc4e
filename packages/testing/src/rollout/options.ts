import { parseArgs } from 'node:util';

export interface RolloutOptions {
  /** Repeats the choice of jobs and answers. */
  seed: number;
  jobs: number;
  /** Clients that use the api at the same time. */
  users: number;
  /** Of what is replaced: a commit or a tag, `previous` for the newest release before this code, or null for this code itself. */
  from: string | null;
  /** Keeps the data directory and the logs even if all is well. */
  keep: boolean;
}

/** Reads the command line; throws a RangeError that says what is wrong with it. */
export function readOptions(argv: readonly string[]): RolloutOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '100' },
      users: { type: 'string', default: '6' },
      from: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    seed: whole('--seed', values.seed),
    jobs: whole('--jobs', values.jobs),
    users: whole('--users', values.users),
    from: values.from ?? null,
    keep: values.keep,
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} takes a whole number above 0, got ${text}`);
  return value;
}
