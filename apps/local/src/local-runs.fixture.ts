import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type AppProcess, createProcessHarness, fastDirectory, waitUntil } from '@automation/testing';

import { type ApiClient, apiClient } from './api-client.fixture.ts';
import { dataPaths } from './data-paths.ts';

/** What the welcome screen says, and a client with its key. */
export interface Welcomed {
  text: string;
  url: string;
  metricsUrl: string;
  key: string;
  /** The command to paste. */
  curl: string;
  api: ApiClient;
}

/** Runs of `npm start`'s main on free ports, and their data directories. */
export interface LocalRuns {
  /** A data directory that is not there yet. */
  newDataDir(): Promise<string>;
  start(env: NodeJS.ProcessEnv): AppProcess;
  /** Kills the runs that are left, waits for their servers to end, and removes the directories. */
  cleanUp(): Promise<void>;
}

export function createLocalRuns(): LocalRuns {
  const processes = createProcessHarness();
  const parents: string[] = [];
  return {
    newDataDir: async () => {
      const parent = await mkdtemp(join(await fastDirectory(), 'automation-local-'));
      parents.push(parent);
      // As root the server runs as another user, who has to get in.
      await chmod(parent, 0o755);
      return join(parent, 'data');
    },
    start: (env) => processes.start('local', { API_PORT: '0', METRICS_PORT: '0', ...env }),
    cleanUp: async () => {
      await processes.killAll();
      for (const parent of parents.splice(0)) {
        await untilServerIsGone(join(parent, 'data'));
        await rm(parent, { recursive: true, force: true });
      }
    },
  };
}

/** Waits for the welcome screen. */
export async function untilWelcomed(run: AppProcess): Promise<Welcomed> {
  await run.untilLine(/"schedule": "@every 3s"/, 30_000);
  const text = run.text('stdout');
  const said = (label: string) => new RegExp(`^  ${label} +(\\S+)$`, 'm').exec(text)?.[1] ?? '';
  const [url, key] = [said('API'), said('API key')];
  return {
    text,
    url,
    metricsUrl: said('Metrics'),
    key,
    curl: text.slice(text.indexOf('curl ')).split('\n\n', 1).join(),
    api: apiClient(url, key),
  };
}

/** The process id of the server in a data directory. */
export function serverOf(dataDir: string): number {
  const [pid] = readFileSync(pidFile(dataDir), 'utf8').split('\n').map(Number);
  if (pid === undefined || !isRunning(pid)) throw new Error(`no server runs in ${dataDir}`);
  return pid;
}

/** The server takes its file away just before it ends. */
export async function untilServerIsGone(dataDir: string, pid?: number): Promise<void> {
  await waitUntil(() => !existsSync(pidFile(dataDir)) && (pid === undefined || !isRunning(pid)), {
    what: `the server in ${dataDir} to end`,
    timeoutMs: 30_000,
  });
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pidFile(dataDir: string): string {
  return join(dataPaths(dataDir).database, 'postmaster.pid');
}
