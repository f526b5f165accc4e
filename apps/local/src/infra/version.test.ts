import { readFile } from 'node:fs/promises';

const ROOT = new URL('../../../../', import.meta.url);

const read = (path: string) => readFile(new URL(path, ROOT), 'utf8');

/** What a file says that the version is, each time that it does. */
async function versionsIn(path: string, pattern: RegExp): Promise<(string | undefined)[]> {
  return [...(await read(path)).matchAll(pattern)].map(([, version]) => version);
}

test('images and overlays have the version of package.json, which is the one of the release', async () => {
  const manifest: unknown = JSON.parse(await read('package.json'));
  const version: unknown = Reflect.get(Object(manifest), 'version');
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await versionsIn('infra/docker/Dockerfile', /^ARG VERSION=(\S+)$/gm)).toEqual([version]);
  for (const overlay of ['single', 'production']) {
    const path = `infra/kubernetes/overlays/${overlay}/kustomization.yaml`;
    expect(await versionsIn(path, /newTag: ([^ }]+)/g)).toEqual([version, version, version]);
  }
});
