import { drawPlot, type Plot } from './plot.ts';

const flat = (median: number) => ({ median, lowest: median * 0.9, highest: median * 1.2 });

const PLOT: Plot = {
  title: 'More jobs',
  x: { label: 'jobs in the table', kind: 'log' },
  left: { label: 'runs/s', kind: 'linear' },
  right: { label: 'lag, ms', kind: 'linear' },
  lines: [
    {
      name: 'drain',
      axis: 'left',
      points: [1_000, 10_000, 1_000_000].map((x) => ({ x, rounds: flat(3_000) })),
    },
    { name: 'p99', axis: 'right', points: [1_000, 1_000_000].map((x) => ({ x, rounds: flat(x / 50_000) })) },
  ],
  footer: ['two cores', 'one disk'],
};

/** A tag: whether it is an end, the name, whether it is an element of its own. */
const ELEMENT = /<(\/?)(\w+)(?: [\w:-]+="[^"<]*")*(\/?)>/g;

/** The text of each text element, as it is written. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^<]*>([^<]*)<\/text>/g)].map(([, content = '']) => content);
}

function numbersOf(svg: string, element: RegExp, names: readonly string[]): number[][] {
  const elements = svg.match(element) ?? [];
  return elements.map((each) =>
    names.map((name) => Number(new RegExp(` ${name}="([^"]*)"`).exec(each)?.[1])),
  );
}

function frameOf(svg: string) {
  const names = ['x', 'y', 'width', 'height'];
  const [[x = NaN, y = NaN, width = NaN, height = NaN] = []] = numbersOf(
    svg,
    /<rect class="frame"[^>]*>/g,
    names,
  );
  return { left: x, right: x + width, top: y, bottom: y + height };
}

/** The ends of elements, each with the start that it closes. */
function pairsOf(svg: string): (readonly [string | undefined, string | undefined])[] {
  const open: (string | undefined)[] = [];
  return [...svg.matchAll(ELEMENT)].flatMap(([, end, name, isEmpty]) => {
    if (end === '/') return [[open.pop(), name] as const];
    if (isEmpty === '') open.push(name);
    return [];
  });
}

function expectClosed(svg: string): void {
  const pairs = pairsOf(svg);
  expect(pairs.filter(([start, end]) => start !== end)).toEqual([]);
  expect(pairs.at(-1)).toEqual(['svg', 'svg']);
  // Nothing between the elements that could be taken for one.
  expect(svg.replaceAll(ELEMENT, '')).not.toMatch(/[<>"]/);
}

describe('drawPlot', () => {
  test('writes one SVG whose elements are closed', () => {
    const svg = drawPlot(PLOT);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*>[^]*<\/svg>$/);
    expectClosed(svg);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('stands on white, whatever the page is', () => {
    expect(drawPlot(PLOT)).toContain('<rect width="800" height="470" fill="#ffffff"/>');
  });

  test.each(['linear', 'log', 'symlog'] as const)(
    'keeps every point of a %s axis inside the frame',
    (kind) => {
      const svg = drawPlot({ ...PLOT, x: { label: 'jobs', kind }, left: { label: 'runs/s', kind } });
      const { left, right, top, bottom } = frameOf(svg);
      const points = numbersOf(svg, /<circle[^>]*>/g, ['cx', 'cy']);
      expect(points).toHaveLength(5);
      for (const [x, y] of points) {
        expect(x).toBeGreaterThan(left);
        expect(x).toBeLessThan(right);
        expect(y).toBeGreaterThanOrEqual(top);
        expect(y).toBeLessThanOrEqual(bottom);
      }
    },
  );

  test('spans the spread of each point, inside the frame', () => {
    const svg = drawPlot(PLOT);
    const { top, bottom } = frameOf(svg);
    const bars = [...svg.matchAll(/d="M[\d.]+ ([\d.]+)V([\d.]+)/g)].map(([, low, high]) => [
      Number(low),
      Number(high),
    ]);
    expect(bars).toHaveLength(5);
    for (const [low, high] of bars) {
      expect(low).toBeLessThanOrEqual(bottom);
      expect(high).toBeGreaterThanOrEqual(top);
      expect(high).toBeLessThan(low ?? NaN);
    }
  });

  test('says what it shows: title, axes, lines, footer, and round amounts', () => {
    const texts = textsOf(drawPlot(PLOT));
    expect(texts).toEqual(expect.arrayContaining(['More jobs', 'jobs in the table', 'runs/s', 'lag, ms']));
    expect(texts).toEqual(expect.arrayContaining(['drain', 'p99', 'two cores', 'one disk']));
    expect(texts).toEqual(expect.arrayContaining(['1k', '10k', '1M', '3k']));
  });

  test('labels 1, 2 and 5 of each power of ten on a logarithmic axis', () => {
    const points = [1, 2].map((x) => ({ x, rounds: flat(x * x * 40) }));
    const left = { label: 'runs/s', kind: 'log' } as const;
    const texts = textsOf(drawPlot({ ...PLOT, left, lines: [{ name: 'drain', axis: 'left', points }] }));
    expect(texts).toEqual(expect.arrayContaining(['10', '20', '50', '100', '200']));
    expect(texts).not.toContain('30');
  });

  test('draws no second axis without a line for it', () => {
    const svg = drawPlot({ ...PLOT, lines: PLOT.lines.slice(0, 1) });
    expect(textsOf(svg)).not.toContain('lag, ms');
  });

  test('draws what was computed as a dashed line without points', () => {
    const svg = drawPlot({ ...PLOT, lines: PLOT.lines.map((line) => ({ ...line, isDashed: true })) });
    expect(svg).not.toContain('<circle');
    expect(svg).toContain('stroke-dasharray');
  });

  test('draws a single amount, and values of zero', () => {
    const points = [{ x: 5, rounds: flat(0) }];
    const svg = drawPlot({ ...PLOT, lines: [{ name: 'drain', axis: 'left', points }] });
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test('escapes text', () => {
    const svg = drawPlot({ ...PLOT, title: `a < b & "c" > 'd'` });
    expect(textsOf(svg)).toContain('a &lt; b &amp; &quot;c&quot; &gt; &apos;d&apos;');
    expect(svg).toContain('aria-label="a &lt; b &amp; &quot;c&quot; &gt; &apos;d&apos;"');
    expectClosed(svg);
  });
});
