import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';

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
