import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Report } from '../report.ts';

/** What `npm run bench -- --json` writes. */
interface ResultFile {
  machine: { cores: number };
  results: Record<string, Report>;
}

/** The results of the benchmarks, as they are committed. */
export class Results {
  readonly #files: ReadonlyMap<string, ResultFile>;

  constructor(files: ReadonlyMap<string, ResultFile>) {
    this.#files = files;
  }

  /** Reads every result in a directory. Throws if one of them is no result. */
  static async read(directory: string): Promise<Results> {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).toSorted();
    const files = new Map<string, ResultFile>();
    for (const name of names) {
      const file: unknown = JSON.parse(await readFile(join(directory, name), 'utf8'));
      if (!isResultFile(file)) throw new Error(`${name} is no result of a benchmark`);
      files.set(name, file);
    }
    return new Results(files);
  }

  /** Of the machine that a benchmark ran on. */
  coresOf(benchmark: string): number {
    return this.#fileOf(benchmark).machine.cores;
  }

  /** A figure's median. Throws if the benchmark has no figure, or several, of that name. */
  figure(benchmark: string, what: string): number {
    const found = this.#reportOf(benchmark).figures.filter((figure) => figure.what === what);
    const [figure] = found;
    if (figure === undefined || found.length > 1)
      throw new Error(`the results of ${benchmark} have ${found.length} figures "${what}"`);
    return figure.rounds.median;
  }

  /** Core-µs for each run by the kind of process. Throws if the benchmark has not measured them. */
  cpu(benchmark: string, what: string): Readonly<Record<string, number>> {
    const cpu = this.#reportOf(benchmark).cpu?.find((each) => each.what === what);
    if (cpu === undefined) throw new Error(`the results of ${benchmark} have no CPU time of "${what}"`);
    return cpu.perRun;
  }

  #reportOf(benchmark: string): Report {
    const report = this.#fileOf(benchmark).results[benchmark];
    if (report === undefined) throw new Error(`there is no result of ${benchmark}`);
    return report;
  }

  #fileOf(benchmark: string): ResultFile {
    const file = [...this.#files.values()].find(({ results }) => Object.hasOwn(results, benchmark));
    if (file === undefined) throw new Error(`there is no result of ${benchmark}`);
    return file;
  }
}

function isResultFile(value: unknown): value is ResultFile {
  return typeof value === 'object' && value !== null && 'machine' in value && 'results' in value;
}
