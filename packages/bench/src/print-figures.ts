import type { Rounds } from './rounds.ts';

/** One line of a benchmark's table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly rounds: Rounds;
  readonly goal: { readonly atLeast: number } | { readonly atMost: number };
}

/** Prints the median and the spread of each figure, its goal, and whether it is reached. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  const rows = [['figure', 'median', 'lowest - highest', 'goal', ''], ...figures.map(row)];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const lines = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  process.stdout.write(`\n${title}\n\n${lines.map((line) => line.trimEnd()).join('\n')}\n`);
}

function row({ what, unit, rounds, goal }: Figure): string[] {
  const { median, lowest, highest } = rounds;
  const isReached = 'atLeast' in goal ? median >= goal.atLeast : median <= goal.atMost;
  const bound = 'atLeast' in goal ? `>= ${shown(goal.atLeast)}` : `<= ${shown(goal.atMost)}`;
  return [
    what,
    `${shown(median)} ${unit}`,
    `${shown(lowest)} - ${shown(highest)}`,
    `${bound} ${unit}`,
    isReached ? 'reached' : 'NOT REACHED',
  ];
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
