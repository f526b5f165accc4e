import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { AppName } from '../process-harness.ts';
import type { Buildah } from './buildah.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const DOCKERFILE = join(ROOT, 'infra/docker/Dockerfile');
/** How this machine reaches npm's registry. It is there while the steps run, and in no image. */
const FROM_THIS_MACHINE = new Map([
  [join(homedir(), '.npmrc'), '/root/.npmrc'],
  ['/etc/ssl/certs', '/etc/ssl/certs'],
]);

/** The name of the image that the Dockerfile starts from. Throws if it says none. */
export async function baseImageName(): Promise<string> {
  const dockerfile = await readFile(DOCKERFILE, 'utf8');
  const [, version] = /^ARG NODE_VERSION=(\S+)$/m.exec(dockerfile) ?? [];
  const [, name] = /^FROM (\S+) AS build$/m.exec(dockerfile) ?? [];
  if (version === undefined || name === undefined)
    throw new Error('the Dockerfile names no image for `build`');
  return `docker.io/library/${name.replace('${NODE_VERSION}', version)}`;
}

/** Builds a service's image as the Dockerfile says, from the images that are there; answers its name. */
export async function buildImage(buildah: Buildah, service: AppName): Promise<string> {
  const name = `localhost/automation-${service}`;
  const volumes = [...FROM_THIS_MACHINE]
    .filter(([from]) => existsSync(from))
    .flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]);
  const how = ['--pull-never', '--isolation', 'chroot', '--layers', '--format', 'docker', ...volumes];
  await buildah.run('build', ...how, '--target', service, '--tag', name, '--file', DOCKERFILE, ROOT);
  return name;
}
