import { randomBytes } from 'node:crypto';
import { access, constants, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { errorCode } from './error-code.ts';

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file, not a directory',
  ENOTDIR: 'a part of its path is a file, not a directory',
  ENOENT: 'no directory can be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only filesystem',
  ENOSPC: 'the disk is full',
};

/** Makes the directory if it is missing. Throws one clear sentence if it can't be written. */
export async function prepareDataDirectory(path: string): Promise<void> {
  try {
    await makeDirectory(path);
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = REASONS[errorCode(error)] ?? errorCode(error);
    throw new Error(`DATA_DIR "${path}" cannot be used: ${reason}; set another DATA_DIR`, { cause: error });
  }
}

/** `mkdir` with `recursive` never comes back where a filesystem answers ENOENT to a new name, as /proc does. */
async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectory(parent);
  try {
    await mkdir(path);
  } catch (error) {
    const madeMeanwhile = errorCode(error) === 'EEXIST' && (await isDirectory(path));
    if (!madeMeanwhile) throw error;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The secret in a file, made up and written there the first time; only its owner can read it. */
export async function keptSecret(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await writeNewSecret(path);
    return keptSecret(path);
  }
}

/** Whole or not at all, and of two starts that do this at once one has its way. */
async function writeNewSecret(path: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    await link(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether a user who owns nothing here could reach a path below this directory. */
export async function isReachableByOthers(directory: string): Promise<boolean> {
  const { mode } = await stat(directory);
  if ((mode & constants.S_IXOTH) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || isReachableByOthers(parent);
}
