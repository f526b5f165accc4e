import { cp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

import { build } from 'esbuild';

export interface BundleOptions {
  /** Of the app; the others are relative to it. */
  directory: string;
  /** The sources that are started: `src/main.ts` becomes `main.mjs`. */
  entryPoints: readonly string[];
  /** Packages that files are served out of, by their name. */
  filesOf: readonly string[];
  /** Where the bundle goes; what is there is removed. */
  out: string;
}

/** What is CommonJS asks for Node's own modules by `require`, which an ES module has to make for itself. */
const BANNER = "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);";

/**
 * Puts an app and all that it imports into one directory, which Node runs without anything else. It is not minified: people
 * read its stack traces. What is imported late, such as OpenTelemetry, is loaded late from the bundle, too.
 */
export async function bundle({ directory, entryPoints, filesOf, out }: BundleOptions): Promise<void> {
  const outdir = resolve(directory, out);
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: directory,
    entryPoints: [...entryPoints],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node26',
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  for (const name of filesOf) await copyPackage(name, { from: directory, to: outdir });
}

/** Copies a package to where the bundle finds it by its name: what its `files` list, or all of it if it has no such list. */
async function copyPackage(name: string, { from, to }: { from: string; to: string }): Promise<void> {
  const manifest = createRequire(join(from, 'package.json')).resolve(`${name}/package.json`);
  for (const file of filesIn(await readFile(manifest, 'utf8'))) {
    await cp(join(dirname(manifest), file), join(to, 'node_modules', name, file), {
      recursive: true,
      filter: (source) => !source.endsWith('.map'),
    });
  }
}

/** What a package.json says that its package is made of. */
function filesIn(manifest: string): string[] {
  const files: unknown = Reflect.get(Object(JSON.parse(manifest)), 'files');
  return Array.isArray(files) ? ['package.json', ...files.map(String)] : ['.'];
}
