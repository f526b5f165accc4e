import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from '@automation/testing';

import type { Benchmark } from './benchmark.ts';
import { profileOf, shareOf } from './observability/profile-share.ts';
import { summarize } from './rounds.ts';
import { System } from './system/system.ts';

const RUNS = 30_000;
/** As `infra/prometheus/local.yml` does; in production it is every 15 s. */
const SCRAPE_INTERVAL_MS = 5_000;
const METRICS = /prom-client|\/(execution-|connection-)?metrics\.ts$|\/job-labels\.ts$|\/ops-server\.ts$/;
const LOGS = /winston|logform|triple-beam|\/(logger|fold-floods|json-line|log-event)\.ts$/;
/** Which counts an execution and writes its line. */
const BOTH = new RegExp(`${METRICS.source}|${LOGS.source}|/execution-log\\.ts$`);

interface Shares {
  both: number;
  metrics: number;
  logs: number;
}

/** What it costs a worker at full load to count what it does and to write it down, by its CPU profile. */
export const benchObservability: Benchmark = async ({ rounds, scale, progress }) => {
  const profiles = await mkdtemp(join(tmpdir(), 'bench-profiles-'));
  try {
    const shares: Shares[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const pid = await runWorker(profiles, Math.round(RUNS * scale));
      const profile = await profileOf(profiles, pid);
      const share = {
        both: shareOf(profile, BOTH),
        metrics: shareOf(profile, METRICS),
        logs: shareOf(profile, LOGS),
      };
      progress(`observability round ${round}: ${JSON.stringify(share)}`);
      shares.push(share);
    }
    const figure = (what: string, of: (share: Shares) => number) => ({
      what,
      unit: '×',
      rounds: summarize(shares.map(of)),
    });
    return {
      title:
        'Metrics and logs: their share of the CPU time of a worker at full load that is scraped every 5 s',
      figures: [
        { ...figure('metrics and logs', ({ both }) => both), goal: { atMost: 0.1 } },
        figure('  metrics alone', ({ metrics }) => metrics),
        figure('  logs alone', ({ logs }) => logs),
      ],
    };
  } finally {
    await rm(profiles, { recursive: true });
  }
};

/** Works a backlog off with one worker under a profile; answers its process id once it has ended. */
async function runWorker(profileTo: string, runs: number): Promise<number> {
  const system = await System.start({ workers: 0, profileTo });
  try {
    const port = await freePort();
    const { pid } = await system.service.startApp('worker', { METRICS_PORT: String(port) });
    const ended = new AbortController();
    const scraping = scrapeUntil(ended.signal, port);
    await system.drain({ runs });
    ended.abort();
    await scraping;
    return pid;
  } finally {
    await system.stop();
  }
}

async function scrapeUntil(signal: AbortSignal, port: number): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    await response.text();
    // The end of the run ends the wait early; that is all that the rejection says.
    await delay(SCRAPE_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
