/** A sample of a scrape. */
export interface Sample {
  /** Of a histogram with its suffix. */
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A metric of a scrape. */
export interface ServedMetric {
  name: string;
  type: string;
  samples: Sample[];
}

/** What a process serves at `/metrics`. */
export interface Scrape {
  text: string;
  metrics: ServedMetric[];
  /** The value of the sample that has this name and these labels, perhaps among others; undefined if there is none. */
  value: (name: string, labels?: Record<string, string>) => number | undefined;
}

/** Scrapes the process that serves its metrics at a port. */
export async function scrape(port: number): Promise<Scrape> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`no metrics: ${response.status} ${text}`);
  const metrics = parse(text);
  const samples = metrics.flatMap((metric) => metric.samples);
  return {
    text,
    metrics,
    value: (name, labels = {}) =>
      samples.find((sample) => sample.name === name && hasLabels(sample, labels))?.value,
  };
}

function hasLabels(sample: Sample, labels: Record<string, string>): boolean {
  return Object.entries(labels).every(([name, value]) => sample.labels[name] === value);
}

/** Samples follow their metric's TYPE. */
function parse(text: string): ServedMetric[] {
  const metrics: ServedMetric[] = [];
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) metrics.push({ name, type, samples: [] });
    const sample = parseSample(line);
    if (sample !== null) metrics.at(-1)?.samples.push(sample);
  }
  return metrics;
}

function parseSample(line: string): Sample | null {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) return null;
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
    key,
    text,
  ]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}
