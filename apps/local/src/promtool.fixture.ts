import { spawnSync } from 'node:child_process';

/** promtool's exit code for metrics that it can read and finds fault with. */
const HAS_COMPLAINTS = 3;

/** Whether this machine has promtool, which is in Debian's package `prometheus`. */
export function hasPromtool(): boolean {
  return run(['--version'], '') !== null;
}

/** What `promtool check metrics` says of an exposition: a line for each complaint. Throws if it cannot read it. */
export function complaintsOf(exposition: string): string[] {
  const checked = run(['check', 'metrics'], exposition);
  if (checked === null) throw new Error('this machine has no promtool');
  const { status, said } = checked;
  if (status !== 0 && status !== HAS_COMPLAINTS) throw new Error(`promtool ended with ${status}: ${said}`);
  return said.split('\n').filter((line) => line !== '');
}

/** Null if there is no such program. */
function run(args: string[], input: string): { status: number | null; said: string } | null {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error === undefined) return { status, said: `${stdout}${stderr}` };
  if (Reflect.get(error, 'code') === 'ENOENT') return null;
  throw error;
}
