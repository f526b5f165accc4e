import { Child } from './child.ts';
import { isLoadResult, type Load, type LoadResult } from './load.ts';

/** Sends requests from a process of its own, so that its CPU time can be told from the server's. */
export class LoadGenerator {
  readonly #child = new Child('load-generator-process.ts');

  get pid(): number {
    return this.#child.pid;
  }

  async run(load: Load): Promise<LoadResult> {
    const result = await this.#child.ask(load);
    if (!isLoadResult(result)) throw new Error(`the load generator answered ${JSON.stringify(result)}`);
    return result;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
