import type { CpuFigure, Figure } from '../report.ts';
import { summarize } from '../rounds.ts';
import type { Load, LoadResult } from './load.ts';

/** A load on a server, and what of its result is reported. */
export interface Trial {
  what: string;
  load: Load;
  serverPid: number;
  figures: readonly TrialFigure[];
}

interface TrialFigure extends Pick<Figure, 'unit' | 'goal'> {
  /** Said after what the trial is. */
  suffix: string;
  of: (result: LoadResult) => number;
}

/** Of a closed loop: how many requests were answered. */
export function rate(goal?: Figure['goal']): TrialFigure[] {
  return [{ suffix: '', unit: '/s', of: ({ perSecond }) => perSecond, ...(goal && { goal }) }];
}

/** Of an open loop: how long its requests took. */
export function latency(mostP99Ms: number): TrialFigure[] {
  return [
    { suffix: ', median', unit: 'ms', of: ({ latencyMs }) => latencyMs.median },
    { suffix: ', p99', unit: 'ms', of: ({ latencyMs }) => latencyMs.p99, goal: { atMost: mostP99Ms } },
  ];
}

/** CPU time of each kind of process in core-µs. */
export type CpuTimes = Readonly<Record<string, number>>;

/** What a trial came to, round by round. */
export class TrialResults {
  readonly #trial: Trial;
  readonly #results: LoadResult[] = [];
  readonly #cpu: Record<string, number> = {};

  constructor(trial: Trial) {
    this.#trial = trial;
  }

  add(result: LoadResult, before: CpuTimes, after: CpuTimes): void {
    this.#results.push(result);
    for (const [kind, time] of Object.entries(after)) {
      this.#cpu[kind] = (this.#cpu[kind] ?? 0) + time - (before[kind] ?? 0);
    }
  }

  figures(): Figure[] {
    const { what, figures } = this.#trial;
    return figures.map(({ suffix, of, ...figure }) => ({
      ...figure,
      what: what + suffix,
      rounds: summarize(this.#results.map(of)),
    }));
  }

  cpu(): CpuFigure {
    const answered = this.#results.reduce((sum, result) => sum + result.answered, 0);
    const perRun: Record<string, number> = {};
    for (const [kind, time] of Object.entries(this.#cpu)) perRun[kind] = time / answered;
    return { what: this.#trial.what, perRun };
  }
}
