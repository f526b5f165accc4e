import { readFile } from 'node:fs/promises';

import type { PrometheusServer } from './prometheus-server.ts';

const DASHBOARD = new URL('../../../../infra/grafana/dashboards/automation.json', import.meta.url);
/** What Grafana would put in for scrapes as close as this run's. */
const RATE_INTERVAL = '15s';

interface Panel {
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

/** Asks for everything that the dashboard shows; answers how many queries there are, and those with nothing to show. */
export async function findEmptyQueries(
  prometheus: PrometheusServer,
): Promise<{ queries: number; empty: string[] }> {
  const { panels }: { panels: Panel[] } = JSON.parse(await readFile(DASHBOARD, 'utf8'));
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ expr, what: `${title}: ${legendFormat}` })),
  );
  const empty: string[] = [];
  for (const { expr, what } of queries) {
    const samples = await prometheus.query(expr.replaceAll('$__rate_interval', RATE_INTERVAL));
    if (samples.length === 0) empty.push(what);
  }
  return { queries: queries.length, empty };
}
