import { scaleLinear, scaleLog, scaleSymlog } from 'd3-scale';

import type { Rounds } from './rounds.ts';
import { tag, text } from './svg.ts';

/** Values over an amount, on one or two y axes. */
export interface Plot {
  title: string;
  x: Axis;
  left: Axis;
  /** Of lines in another unit. */
  right?: Axis;
  lines: readonly Line[];
  /** Lines that the reader needs to judge the figures: the machine, say. */
  footer: readonly string[];
}

export interface Axis {
  label: string;
  /** `symlog` is a logarithmic one that has a zero. */
  kind: 'linear' | 'log' | 'symlog';
}

/** A line through medians, each with a bar from the lowest to the highest value. */
export interface Line {
  name: string;
  axis: 'left' | 'right';
  /** Of something that was computed: it has no points. */
  isDashed?: boolean;
  points: readonly { readonly x: number; readonly rounds: Rounds }[];
}

type Scale = ((value: number) => number) & { ticks: (count: number) => number[] };
type Side = Line['axis'];
type Coloured = Line & { colour: string };

const SIZE = { width: 800, height: 470 };
const FRAME = { left: 74, right: 726, top: 84, bottom: 364 };
/** Keeps the first and the last point off the frame. */
const INSET = 32;
const TICKS = 6;
const SPREAD_CAP = 4;
const LEGEND_GAP = 58;
/** About what a letter takes: nothing here can measure text. */
const LETTER = 6.8;
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const INK = '#24292f';
const FAINT = '#57606a';
const GRID = '#e3e6ea';
/** Told apart by colour-blind readers too (Okabe and Ito). */
const COLOURS: Record<Side, readonly string[]> = {
  left: ['#0072b2', '#009e73', '#6e7781'],
  right: ['#d55e00', '#b8860b', '#cc79a7'],
};

/** A plot as an SVG, on white whatever it stands on. */
export function drawPlot(plot: Plot): string {
  const lines = coloured(plot.lines);
  const x = xScale(plot.x, plot.lines);
  const sides = (['left', 'right'] as const).flatMap((side) => {
    const axis = plot[side];
    const own = lines.filter((line) => line.axis === side);
    return axis === undefined || own.length === 0 ? [] : [{ side, axis, own, y: yScale(axis, own) }];
  });
  return tag('svg', { ...canvas(), role: 'img', 'aria-label': plot.title, 'font-family': FONT }, [
    tag('rect', { ...SIZE, fill: '#ffffff' }),
    text({ x: SIZE.width / 2, y: 30, 'font-size': 17, 'font-weight': 600, fill: INK }, plot.title),
    legend(lines),
    ...sides.flatMap(({ side, axis, own, y }) => yAxis(side, axis, { y, colour: own[0]?.colour ?? INK })),
    ...xAxis(plot.x, xValues(plot.lines), x),
    tag('rect', { class: 'frame', ...box(), fill: 'none', stroke: FAINT }),
    ...sides.flatMap(({ own, y }) => own.map((line) => drawLine(line, x, y))),
    ...plot.footer.map((line, index) =>
      text({ x: SIZE.width / 2, y: FRAME.bottom + 72 + 16 * index, 'font-size': 11, fill: FAINT }, line),
    ),
  ]);
}

function canvas() {
  return { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, ...SIZE };
}

function box() {
  const { left, right, top, bottom } = FRAME;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function coloured(lines: readonly Line[]): Coloured[] {
  const drawn: Record<Side, number> = { left: 0, right: 0 };
  return lines.map((line) => {
    const colour = COLOURS[line.axis][drawn[line.axis]++ % COLOURS[line.axis].length] ?? INK;
    return { ...line, colour };
  });
}

function xValues(lines: readonly Line[]): number[] {
  return [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))];
}

function xScale({ kind }: Axis, lines: readonly Line[]): Scale {
  const values = xValues(lines);
  const domain = [Math.min(...values), Math.max(...values)];
  return scaleOf(kind, domain, [FRAME.left + INSET, FRAME.right - INSET]);
}

/** From zero, unless it is logarithmic. */
function yScale({ kind }: Axis, lines: readonly Line[]): Scale {
  const rounds = lines.flatMap(({ points }) => points.map((point) => point.rounds));
  const lowest = kind === 'log' ? Math.min(...rounds.map((each) => each.lowest)) : 0;
  const highest = Math.max(...rounds.map((each) => each.highest));
  return scaleOf(kind, [lowest, highest], [FRAME.bottom, FRAME.top]).nice();
}

function scaleOf(kind: Axis['kind'], domain: number[], range: number[]) {
  switch (kind) {
    case 'linear':
      return scaleLinear(domain, range);
    case 'log':
      return scaleLog(domain, range);
    case 'symlog':
      return scaleSymlog(domain, range);
  }
}

/** Under each measured amount. */
function xAxis({ label }: Axis, values: readonly number[], x: Scale): string[] {
  const ticks = values.flatMap((value) => [
    tag('line', { x1: x(value), x2: x(value), y1: FRAME.bottom, y2: FRAME.bottom + 5, stroke: FAINT }),
    text({ x: x(value), y: FRAME.bottom + 20, 'font-size': 12, fill: INK }, short(value)),
  ]);
  const middle = (FRAME.left + FRAME.right) / 2;
  return [...ticks, text({ x: middle, y: FRAME.bottom + 44, 'font-size': 13, fill: INK }, label)];
}

function yAxis(side: Side, { kind, label }: Axis, { y, colour }: { y: Scale; colour: string }): string[] {
  const ticks = y.ticks(TICKS).filter((tick) => kind === 'linear' || isRound(tick));
  const at = FRAME[side];
  const outwards = side === 'left' ? -1 : 1;
  const anchor = side === 'left' ? 'end' : 'start';
  const middle = { x: at + outwards * 54, y: (FRAME.top + FRAME.bottom) / 2 };
  return [
    ...ticks.flatMap((tick) => [
      side === 'left'
        ? tag('line', { x1: FRAME.left, x2: FRAME.right, y1: y(tick), y2: y(tick), stroke: GRID })
        : tag('line', { x1: at, x2: at + 5, y1: y(tick), y2: y(tick), stroke: FAINT }),
      text(
        { x: at + outwards * 9, y: y(tick) + 4, 'font-size': 12, 'text-anchor': anchor, fill: INK },
        short(tick),
      ),
    ]),
    text(
      { ...middle, transform: `rotate(-90 ${middle.x} ${middle.y})`, 'font-size': 13, fill: colour },
      label,
    ),
  ];
}

/** 1, 2 and 5 of each power of ten: between them labels of a logarithmic axis would overlap. */
function isRound(value: number): boolean {
  return value === 0 || /^[125]e/.test(value.toExponential());
}

function drawLine({ points, colour, isDashed = false }: Coloured, x: Scale, y: Scale): string {
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const path = sorted.map(({ x: at, rounds }) => `${tenths(x(at))},${tenths(y(rounds.median))}`).join(' ');
  const line = { points: path, fill: 'none', stroke: colour, 'stroke-width': 2 };
  if (isDashed) return tag('polyline', { ...line, 'stroke-dasharray': '6 5' });
  const dots = sorted.flatMap(({ x: at, rounds }) => [
    tag('path', { class: 'spread', d: spread(x(at), y(rounds.lowest), y(rounds.highest)), stroke: colour }),
    tag('circle', { cx: x(at), cy: y(rounds.median), r: 4, fill: colour }),
  ]);
  return tag('g', {}, [tag('polyline', line), ...dots]);
}

function spread(x: number, lowest: number, highest: number): string {
  const [at, left, right] = [x, x - SPREAD_CAP, x + SPREAD_CAP].map(tenths);
  const [low, high] = [lowest, highest].map(tenths);
  return `M${at} ${low}V${high}M${left} ${low}H${right}M${left} ${high}H${right}`;
}

function legend(lines: readonly Coloured[]): string {
  const widths = lines.map(({ name }) => name.length * LETTER + LEGEND_GAP);
  let x = (SIZE.width - widths.reduce((sum, each) => sum + each, 0)) / 2 + LEGEND_GAP / 4;
  const entries = lines.flatMap(({ name, colour, isDashed }, index) => {
    const start = x;
    x += widths[index] ?? 0;
    const dashes = isDashed === true ? { 'stroke-dasharray': '6 5' } : {};
    return [
      tag('line', {
        x1: start,
        x2: start + 24,
        y1: 58,
        y2: 58,
        stroke: colour,
        'stroke-width': 2.5,
        ...dashes,
      }),
      text({ x: start + 31, y: 62, 'font-size': 13, 'text-anchor': 'start', fill: INK }, name),
    ];
  });
  return tag('g', { class: 'legend' }, entries);
}

/** 1,000 as 1k. */
function short(value: number): string {
  const compact = value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 });
  return compact.replace('K', 'k');
}

function tenths(coordinate: number): string {
  return coordinate.toFixed(1);
}
