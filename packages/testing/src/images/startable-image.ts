import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import type { Buildah } from './buildah.ts';

interface ImageConfig {
  entrypoint: string[];
  cmd: string[];
  env: string[];
  workingDir: string;
}

/** Nobody of this machine, and not who the image itself names. */
const ANYBODY = '12345';
/** Its files are all that the process sees, and nothing of them can be written. */
const READ_ONLY = `
  mount --bind "$1" "$1"
  mount --options remount,bind,ro "$1"
  exec unshare --root="$1" --wd="$2" --setgid=${ANYBODY} --setuid=${ANYBODY} "\${@:3}"`;

/** An image that can be started, on a file system that is read-only and by any user. */
export class StartableImage {
  readonly #directory: string;
  readonly #config: ImageConfig;

  private constructor(directory: string, config: ImageConfig) {
    this.#directory = directory;
    this.#config = config;
  }

  static async mount(buildah: Buildah, name: string): Promise<StartableImage> {
    const container = await buildah.run('from', '--pull-never', name);
    const directory = await buildah.run('mount', container);
    return new StartableImage(directory, configOf(await buildah.run('inspect', container)));
  }

  /** Starts it as a container would: its entrypoint with these arguments, or with its own. */
  start(settings: NodeJS.ProcessEnv, args: readonly string[] = this.#config.cmd): ImageProcess {
    const { entrypoint, env, workingDir } = this.#config;
    const own = Object.fromEntries(env.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    const command = [this.#directory, workingDir, ...entrypoint, ...args];
    const child = spawn('unshare', ['--mount', 'bash', '-ec', READ_ONLY, 'bash', ...command], {
      env: { PATH: process.env['PATH'], ...own, ...settings },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return new ImageProcess(child);
  }
}

/** A running image. */
export class ImageProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves to its exit code; null if a signal ended it. */
  async untilExit(): Promise<unknown> {
    const [code] = await this.#exited;
    return code;
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}

/** Of what `buildah inspect` says: how the image is to be started. */
interface Inspected {
  Docker: { config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[]; WorkingDir?: string } };
}

function configOf(inspected: string): ImageConfig {
  const { Docker }: Inspected = JSON.parse(inspected);
  const { Entrypoint: entrypoint, Cmd: cmd, Env: env, WorkingDir: workingDir } = Docker.config;
  if (entrypoint === undefined || cmd === undefined || env === undefined || workingDir === undefined)
    throw new Error('the image does not say how it is to be started');
  return { entrypoint, cmd, env, workingDir };
}
