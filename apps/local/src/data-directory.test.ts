import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isReachableByOthers, keptSecret, prepareDataDirectory } from './data-directory.ts';

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'automation-data-'));
});

afterEach(() => rm(base, { recursive: true, force: true }));

describe('prepareDataDirectory', () => {
  test('makes what is missing of the path, and leaves alone what is there', async () => {
    const path = join(base, 'a', 'b');
    await prepareDataDirectory(path);
    await writeFile(join(path, 'file'), '');
    await prepareDataDirectory(path);
    expect(await readdir(path)).toEqual(['file']);
  });

  test('may be called twice at once', async () => {
    const path = join(base, 'a', 'b');
    await Promise.all([prepareDataDirectory(path), prepareDataDirectory(path)]);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  test.each([
    ['a file', 'file', 'it is a file, not a directory'],
    ['a path below a file', 'file/data', 'a part of its path is a file, not a directory'],
  ])('refuses %s', async (_what, name, reason) => {
    await writeFile(join(base, 'file'), '');
    const path = join(base, name);
    await expect(prepareDataDirectory(path)).rejects.toThrow(
      `DATA_DIR "${path}" cannot be used: ${reason}; set another DATA_DIR`,
    );
  });

  test('refuses a place where even root can make no directory', async () => {
    await expect(prepareDataDirectory('/proc/data/dir')).rejects.toThrow(
      /^DATA_DIR "\/proc\/data\/dir" cannot be used: .*; set another DATA_DIR$/,
    );
  });
});

describe('keptSecret', () => {
  test('is made up once, for the eyes of its owner', async () => {
    const path = join(base, 'secret');
    const secret = await keptSecret(path);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await keptSecret(path)).toBe(secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(base)).toEqual(['secret']);
  });

  test('is another one in another place', async () => {
    expect(await keptSecret(join(base, 'one'))).not.toBe(await keptSecret(join(base, 'other')));
  });

  test('is what the user wrote there', async () => {
    await writeFile(join(base, 'secret'), 'chosen by the user\n');
    expect(await keptSecret(join(base, 'secret'))).toBe('chosen by the user');
    expect(await readFile(join(base, 'secret'), 'utf8')).toBe('chosen by the user\n');
  });
});

describe('isReachableByOthers', () => {
  test.each([
    [0o755, true],
    [0o700, false],
  ])('a directory below one of mode %o: %s', async (mode, reachable) => {
    await mkdir(join(base, 'inner'));
    await chmod(base, mode);
    expect(await isReachableByOthers(join(base, 'inner'))).toBe(reachable);
  });
});
