import type { Rounds } from './rounds.ts';

/** One line of a benchmark's table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly rounds: Rounds;
  /** None if it is there for comparison. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
}

/** CPU time of an engine by the kind of process, in core-µs for each run. */
export interface CpuFigure {
  readonly what: string;
  readonly perRun: Readonly<Record<string, number>>;
}

/** How a figure changes with something that grows: a line of a plot. */
export interface Series {
  /** What grows; the lines of one plot share it. */
  readonly plot: string;
  readonly name: string;
  readonly unit: string;
  /** Of a bound, say, that was not measured. */
  readonly isComputed?: boolean;
  readonly points: readonly { readonly x: number; readonly rounds: Rounds }[];
}

/** What a benchmark found. */
export interface Report {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly cpu?: readonly CpuFigure[];
  readonly series?: readonly Series[];
  /** What was left out, say. */
  readonly notes?: readonly string[];
}

/** A report to be read: the median and the spread of each figure, its goal, and whether it is reached. */
export function reportText({ title, figures, cpu = [], notes = [] }: Report): string {
  const parts = [
    title,
    table([['figure', 'median', 'lowest - highest', 'goal', ''], ...figures.map(figureCells)]),
    ...(cpu.length > 0 ? [cpuTable(cpu)] : []),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

function figureCells({ what, unit, rounds, goal }: Figure): string[] {
  const { median, lowest, highest } = rounds;
  const cells = [what, `${shown(median)} ${unit}`, `${shown(lowest)} - ${shown(highest)}`];
  if (goal === undefined) return [...cells, '', ''];
  const isReached = 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
  const bound = 'atLeast' in goal ? `>= ${shown(goal.atLeast)}` : `<= ${shown(goal.atMost)}`;
  return [...cells, `${bound} ${unit}`, isReached ? 'reached' : 'NOT REACHED'];
}

function cpuTable(cpu: readonly CpuFigure[]): string {
  const kinds = [...new Set(cpu.flatMap(({ perRun }) => Object.keys(perRun)))];
  const rows = cpu.map(({ what, perRun }) => {
    const total = Object.values(perRun).reduce((sum, each) => sum + each, 0);
    return [what, ...kinds.map((kind) => shown(perRun[kind] ?? 0)), shown(total)];
  });
  return table([['core-µs per run', ...kinds, 'total'], ...rows]);
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
