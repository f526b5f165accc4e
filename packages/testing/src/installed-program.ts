import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Starts a program of PATH, which is all that it sees of the environment; null if this machine has none of that name. */
export async function startInstalled(
  command: string,
  args: readonly string[],
  stdio: StdioOptions,
): Promise<ChildProcess | null> {
  const { PATH } = process.env;
  const child = spawn(command, args, { env: { PATH }, stdio });
  try {
    await once(child, 'spawn');
    return child;
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return null;
    throw error;
  }
}

/** Kills a program that keeps nothing; resolves when it has ended. */
export async function killProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Where PATH has a program of one of the names; null if this machine has none of them. */
export function findInstalled(...commands: readonly string[]): string | null {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const places = commands.flatMap((command) => directories.map((directory) => join(directory, command)));
  return places.find((place) => existsSync(place)) ?? null;
}
