import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { MainOf } from '../process-harness.ts';

const run = promisify(execFile);

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** A state of the code that can be started. */
export interface Release {
  /** For people. */
  name: string;
  /** The root of its repository. */
  directory: string;
  mainOf: MainOf;
}

/** The code that this command is part of. */
export const CURRENT: Release = releaseIn(REPOSITORY, 'this code');

/** The tag of the newest release that is older than a clone's code; null if there is none, or it has no tags or is no clone. */
export async function previousRelease(clone = REPOSITORY): Promise<string | null> {
  try {
    const head = await git(clone, 'rev-parse', 'HEAD');
    const tags = await git(clone, 'tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname');
    for (const tag of tags.split('\n').filter((each) => each !== '')) {
      if ((await git(clone, 'rev-parse', `${tag}^{commit}`)) !== head) return tag;
    }
    return null;
  } catch {
    return null;
  }
}

/** Makes a commit ready to start, in a directory of its own; throws if this clone does not have it. */
export async function checkOut(commit: string): Promise<Release> {
  const directory = await mkdtemp(join(tmpdir(), 'automation-release-'));
  const archive = join(directory, 'release.tar');
  await git(REPOSITORY, 'archive', '--output', archive, commit);
  await run('tar', ['-xf', archive, '-C', directory]);
  await run('npx', ['--yes', await packageManagerOf(directory), 'install', '--prod', '--frozen-lockfile'], {
    cwd: directory,
  });
  return releaseIn(directory, commit);
}

/** Removes what was checked out. */
export async function remove({ directory }: Release): Promise<void> {
  if (directory !== REPOSITORY) await rm(directory, { recursive: true, force: true });
}

function releaseIn(directory: string, name: string): Release {
  return { name, directory, mainOf: (app) => join(directory, `apps/${app}/src/main.ts`) };
}

async function packageManagerOf(directory: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  return String(Reflect.get(Object(manifest), 'packageManager'));
}

async function git(clone: string, ...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: clone })).stdout.trim();
}
