import type { CpuFigure, Figure, Series } from '../report.ts';
import { summarize } from '../rounds.ts';

/** One measurement: what a figure was at an amount. */
export interface Sample {
  x: number;
  name: string;
  unit: string;
  value: number;
}

/** What one kind of growth was found to cost. */
export interface Growth {
  series: Series[];
  figures: Figure[];
  cpu: CpuFigure[];
}

/** CPU that a run took, in core-µs by the kind of process. */
export interface CpuSample {
  what: string;
  perRun: Readonly<Record<string, number>>;
}

/** Puts the rounds of each figure together. `label` says an amount in words. */
export function growthOf(
  plot: string,
  label: (x: number) => string,
  { samples, cpu }: { samples: readonly Sample[]; cpu: readonly CpuSample[] },
): Growth {
  const series = seriesOf(plot, samples);
  const figures = series.flatMap(({ name, unit, points }) =>
    points.map(({ x, rounds }): Figure => ({ what: `${label(x)}: ${name}`, unit, rounds })),
  );
  return { series, figures, cpu: cpuFigures(cpu) };
}

function seriesOf(plot: string, samples: readonly Sample[]): Series[] {
  return [...Map.groupBy(samples, ({ name }) => name)].map(([name, own]) => ({
    plot,
    name,
    unit: own[0]?.unit ?? '',
    points: [...Map.groupBy(own, ({ x }) => x)].map(([x, each]) => ({
      x,
      rounds: summarize(each.map(({ value }) => value)),
    })),
  }));
}

function cpuFigures(samples: readonly CpuSample[]): CpuFigure[] {
  return [...Map.groupBy(samples, ({ what }) => what)].map(([what, each]) => {
    const kinds = new Set(each.flatMap(({ perRun }) => Object.keys(perRun)));
    const median = (kind: string) => summarize(each.map(({ perRun }) => perRun[kind] ?? 0)).median;
    return { what, perRun: Object.fromEntries([...kinds].map((kind) => [kind, median(kind)])) };
  });
}
