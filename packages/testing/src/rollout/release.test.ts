import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { previousRelease } from './release.ts';

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'automation-clone-'));
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** With nobody's settings, and no repository above it. */
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: clone });

const commit = () => git('commit', '--quiet', '--allow-empty', '--message', 'change');

test('it is the newest tag of an older commit, as versions are counted', async () => {
  git('init', '--quiet');
  for (const version of ['v0.9.0', 'v0.10.0']) {
    commit();
    git('tag', version);
  }
  commit();
  expect(await previousRelease(clone)).toBe('v0.10.0');
});

test('the release that the code itself is does not count', async () => {
  git('init', '--quiet');
  commit();
  git('tag', 'v0.1.0');
  expect(await previousRelease(clone)).toBeNull();
  commit();
  git('tag', 'v0.2.0');
  expect(await previousRelease(clone)).toBe('v0.1.0');
});

test('other tags are no releases, and what is no clone has none', async () => {
  expect(await previousRelease(clone)).toBeNull();
  git('init', '--quiet');
  commit();
  git('tag', 'before-the-change');
  commit();
  expect(await previousRelease(clone)).toBeNull();
});
