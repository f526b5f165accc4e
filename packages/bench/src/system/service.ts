import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import {
  type AppName,
  type AppProcess,
  createProcessHarness,
  freePort,
  NO_LIMITS,
} from '@automation/testing';

const MIGRATE = fileURLToPath(new URL('../../../../apps/api/src/migrate.ts', import.meta.url));
const READY_TIMEOUT_MS = 60_000;

export interface ServiceOptions {
  databaseUrl: string;
  api?: boolean;
  schedulers?: number;
  workers?: number;
  /** Settings beside what every process needs; the defaults of the service otherwise. */
  settings?: NodeJS.ProcessEnv;
  /** Where the processes write CPU profiles when they end; none are taken without it. */
  profileTo?: string | undefined;
}

/** The service's real processes, each started as in production. */
export class Service {
  readonly apiKey = `bench_${randomBytes(24).toString('hex')}`;
  readonly processes: { app: AppName; process: AppProcess }[] = [];
  readonly #harness = createProcessHarness();
  readonly #options: ServiceOptions;
  #apiUrl: string | null = null;

  private constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Migrates the database and starts the processes; resolves when all of them are up. */
  static async start(options: ServiceOptions): Promise<Service> {
    await migrate(options.databaseUrl);
    const service = new Service(options);
    if (options.api) await service.#startApi();
    for (let n = 0; n < (options.schedulers ?? 1); n += 1) await service.startApp('scheduler');
    for (let n = 0; n < (options.workers ?? 1); n += 1) await service.startApp('worker');
    return service;
  }

  /** Of the api. Throws if it was not asked for. */
  get apiUrl(): string {
    if (this.#apiUrl === null) throw new Error('this service was started without its api');
    return this.#apiUrl;
  }

  pidsOf(app: AppName): number[] {
    return this.processes.filter((each) => each.app === app).map(({ process }) => process.pid);
  }

  async startApp(app: AppName, settings: NodeJS.ProcessEnv = {}): Promise<AppProcess> {
    const { databaseUrl, profileTo } = this.#options;
    const process = this.#harness.start(app, {
      ...NO_LIMITS,
      DATABASE_URL: databaseUrl,
      METRICS_PORT: '0',
      FUNCTION_NETWORK: 'private',
      NODE_OPTIONS: ['--disable-warning=ExperimentalWarning', ...profiling(profileTo)].join(' '),
      ...this.#options.settings,
      ...settings,
    });
    await process.untilLine(`${app} started`, READY_TIMEOUT_MS);
    this.processes.push({ app, process });
    return process;
  }

  /** Ends all processes as Kubernetes would. */
  async stop(): Promise<void> {
    for (const { process } of this.processes) process.signal('SIGTERM');
    await Promise.all(this.processes.map(({ process }) => process.untilExit()));
    await this.#harness.killAll();
  }

  async #startApi(): Promise<void> {
    const port = await freePort();
    await this.startApp('api', {
      API_PORT: String(port),
      BOOTSTRAP_ACCOUNT_ID: 'bench',
      BOOTSTRAP_API_KEY: this.apiKey,
    });
    this.#apiUrl = `http://127.0.0.1:${port}`;
  }
}

async function migrate(databaseUrl: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', MIGRATE], {
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
  });
}

function profiling(directory: string | undefined): string[] {
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}
