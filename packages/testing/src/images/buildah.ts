import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findInstalled } from '../installed-program.ts';

const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/** Builds images without a daemon, and keeps them in a directory of its own. */
export class Buildah {
  readonly #program: string;
  readonly #storage: readonly string[];

  private constructor(program: string, directory: string) {
    this.#program = program;
    this.#storage = ['--root', join(directory, 'images'), '--runroot', join(directory, 'run')];
  }

  /** Null if this machine has no buildah. */
  static find(directory: string): Buildah | null {
    const program = findInstalled('buildah');
    return program === null ? null : new Buildah(program, directory);
  }

  /** Answers what a command of buildah says. Throws with its complaint if it fails. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.#program, [...this.#storage, command, ...args], {
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return stdout.trim();
  }
}
