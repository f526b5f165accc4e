import { execFile } from 'node:child_process';
import { cp, mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { findInstalled } from '../installed-program.ts';
import type { Buildah } from './buildah.ts';

/** What the Dockerfile's steps call. */
const PROGRAMS = ['sh', 'env', 'mkdir', 'cp', 'grep'];
/** Called as well, and a script. */
const SCRIPT = { name: 'ldd', shell: 'bash' };
/** pnpm is a program that needs it. It lies beside the others. */
const FURTHER_LIBRARY = 'librt.so.1';
const MERGED = ['bin', 'lib', 'lib64'];

const run = promisify(execFile);

/**
 * Makes the image that the Dockerfile starts from out of what this machine has, so that no registry of images is needed: the
 * Node that runs this, npm, and the few programs that the steps call. It has no other name than the real one, and is in
 * nobody's store but this one's.
 */
export async function makeBaseImage(buildah: Buildah, directory: string, name: string): Promise<void> {
  const root = join(directory, 'base');
  await fillRoot(root);
  const container = await buildah.run('from', 'scratch');
  await buildah.run('copy', '--quiet', container, root, '/');
  const certificates = process.env['NODE_EXTRA_CA_CERTS'];
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/root',
    ...(certificates && { NODE_EXTRA_CA_CERTS: certificates }),
  };
  await buildah.run(
    'config',
    ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    container,
  );
  await buildah.run('commit', '--quiet', '--rm', container, name);
}

async function fillRoot(root: string): Promise<void> {
  for (const each of MERGED) {
    await mkdir(join(root, 'usr', each), { recursive: true });
    await symlink(join('usr', each), join(root, each));
  }
  for (const each of ['root', 'tmp', 'usr/local/bin', 'usr/local/lib/node_modules'])
    await mkdir(join(root, each), { recursive: true });
  const programs = [...PROGRAMS, SCRIPT.shell].map(installed);
  const libraries = await librariesOf([...programs, process.execPath]);
  const files = [...programs, installed(SCRIPT.name), ...libraries, '/etc/nsswitch.conf', '/etc/passwd'];
  await run('cp', ['--parents', '--dereference', ...files, root]);
  await cp(process.execPath, join(root, 'usr/local/bin/node'));
  await addNpm(root);
}

async function addNpm(root: string): Promise<void> {
  const npm = dirname(dirname(await realpath(installed('npx'))));
  await cp(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npx-cli.js', join(root, 'usr/local/bin/npx'));
}

function installed(program: string): string {
  const path = findInstalled(program);
  if (path === null) throw new Error(`this machine has no ${program}`);
  return path;
}

async function librariesOf(programs: readonly string[]): Promise<string[]> {
  const { stdout } = await run('ldd', [...programs]);
  // A program's own line begins with its path, and ends with a colon.
  const libraries = stdout.match(/\/\S+(?= \()/g) ?? [];
  const libc = libraries.find((path) => path.includes('/libc.so'));
  if (libc === undefined) throw new Error('ldd names no C library');
  return [...new Set([...libraries, join(dirname(libc), FURTHER_LIBRARY)])];
}
