import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../free-port.ts';
import { killProgram, startInstalled } from '../installed-program.ts';
import { waitUntil } from '../wait-until.ts';

const RULES = fileURLToPath(new URL('../../../../infra/prometheus/rules/*.yml', import.meta.url));
/** Closer than in production, so that what is measured is the product's and the rules' time. */
const INTERVAL = '1s';
const START_TIMEOUT_MS = 30_000;

/** A process's metrics port, under the job's name that the rules know. */
export interface ScrapeTarget {
  job: string;
  port: number;
}

/** One series of an answer, as of now. */
export interface Sample {
  metric: Record<string, string>;
  /** Seconds since the epoch, and the value. */
  value: [number, string];
}

/** A Prometheus of the run's own, with the rules of infra/prometheus. */
export class PrometheusServer {
  readonly #url: string;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, port: number, directory: string) {
    this.#child = child;
    this.#url = `http://127.0.0.1:${port}`;
    this.#directory = directory;
  }

  /** Starts `prometheus` of PATH; null if this machine has none. */
  static async start(targets: readonly ScrapeTarget[]): Promise<PrometheusServer | null> {
    const directory = await mkdtemp(join(tmpdir(), 'automation-prometheus-'));
    const port = await freePort();
    await writeFile(join(directory, 'prometheus.yml'), JSON.stringify(configFor(targets)));
    const args = [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ];
    const child = await startInstalled('prometheus', args, ['ignore', 'ignore', 'inherit']);
    if (child === null) {
      await rm(directory, { recursive: true, force: true });
      return null;
    }
    const server = new PrometheusServer(child, port, directory);
    try {
      await waitUntil(() => server.#isReady(), {
        timeoutMs: START_TIMEOUT_MS,
        what: 'Prometheus to be ready',
      });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The series of an expression, as of now. */
  async query(expression: string): Promise<Sample[]> {
    const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${expression}: ${text}`);
    const { data }: { data: { result: Sample[] } } = JSON.parse(text);
    return data.result;
  }

  async stop(): Promise<void> {
    await killProgram(this.#child);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #isReady(): Promise<boolean> {
    if (this.#child.exitCode !== null) throw new Error(`prometheus has ended (${this.#child.exitCode})`);
    return (await fetch(`${this.#url}/-/ready`)).ok;
  }
}

/** JSON is YAML. */
function configFor(targets: readonly ScrapeTarget[]): object {
  const jobs = Map.groupBy(targets, ({ job }) => job);
  return {
    global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL },
    rule_files: [RULES],
    scrape_configs: [...jobs].map(([job_name, members]) => ({
      job_name,
      static_configs: [{ targets: members.map(({ port }) => `127.0.0.1:${port}`) }],
    })),
  };
}
