import { cpus } from 'node:os';

import type { CpuTimes } from './trial.ts';

/** How much of the machine other processes used while it was measured: what is measured beside others is no figure. */
export class OtherProcesses {
  #othersMs = 0;
  #measuredMs = 0;

  /** Runs a measurement; `ours` answers the CPU time in core-µs of all that takes part in it. */
  async watch<T>(ours: () => CpuTimes, measurement: () => Promise<T>): Promise<T> {
    const before = { at: performance.now(), others: othersMs(ours()) };
    const result = await measurement();
    this.#othersMs += othersMs(ours()) - before.others;
    this.#measuredMs += performance.now() - before.at;
    return result;
  }

  /** Not below 0, as ticks of 10 ms may have it. */
  get cores(): number {
    return Math.max(0, this.#othersMs / this.#measuredMs);
  }
}

function othersMs(ours: CpuTimes): number {
  const busyMs = cpus().reduce(
    (sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq,
    0,
  );
  return busyMs - Object.values(ours).reduce((sum, time) => sum + time, 0) / 1_000;
}
