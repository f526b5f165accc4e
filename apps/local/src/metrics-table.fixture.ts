import { readFileSync } from 'node:fs';

import type { Scrape } from '@automation/testing';

/** A metric as README's table documents it. */
export interface MetricEntry {
  name: string;
  type: string;
  /** The apps that serve it. */
  from: string[];
  labels: string[];
}

const README = new URL('../../../README.md', import.meta.url);
const APPS = ['api', 'scheduler', 'worker'];
/** Of prom-client's own metrics of Node and its process. */
const NODES_OWN = /^(nodejs|process)_/;
/** Every metric has the one; the other stands for a histogram's buckets. */
const IMPLIED_LABELS = new Set(['service', 'le']);

/** The metrics that README's table lists, by name. */
export function documentedMetrics(): MetricEntry[] {
  const rows = readFileSync(README, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `automation_'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows
    .flatMap(([, names = '', type = '', from = '', labels = '']) =>
      codeIn(names).map((name) => ({
        name,
        type,
        from: from === 'all' ? APPS : from.split(', ').toSorted(),
        labels: codeIn(labels).toSorted(),
      })),
    )
    .toSorted(byName);
}

function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, code = '']) => code);
}

/** The metrics that apps serve, by name; Node's own are left out. */
export function servedMetrics(scrapes: ReadonlyMap<string, Scrape>): MetricEntry[] {
  const entries = new Map<string, MetricEntry>();
  for (const [app, { metrics }] of scrapes) {
    for (const { name, type, samples } of metrics) {
      if (NODES_OWN.test(name)) continue;
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      const entry = { name, type, from: [app], labels: [...labels.difference(IMPLIED_LABELS)].toSorted() };
      const known = entries.get(name);
      if (known === undefined) entries.set(name, entry);
      else if (isSame(known, entry)) known.from.push(app);
      else throw new Error(`${name} differs: ${JSON.stringify([known, entry])}`);
    }
  }
  return [...entries.values()].map((entry) => ({ ...entry, from: entry.from.toSorted() })).toSorted(byName);
}

function isSame(one: MetricEntry, other: MetricEntry): boolean {
  return one.type === other.type && one.labels.join() === other.labels.join();
}

function byName(one: MetricEntry, other: MetricEntry): number {
  return one.name < other.name ? -1 : 1;
}
