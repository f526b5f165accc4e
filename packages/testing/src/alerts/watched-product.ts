import { ChaosApi, field } from '../chaos/chaos-api.ts';
import { ChaosPostgres } from '../chaos/chaos-postgres.ts';
import { freePort } from '../free-port.ts';
import { type FunctionServer, startFunctionServer } from '../function-server.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { type AppProcess, createProcessHarness, type ProcessHarness } from '../process-harness.ts';
import type { ScrapeTarget } from './prometheus-server.ts';

const KEY = 'alerts-admin-key-0123456789abcdef012345678';
const WORKERS = 2;
const JOBS = 20;
const UP_TIMEOUT_MS = 60_000;
const DATABASE_SEED = 1;

type Service = 'api' | 'scheduler' | 'worker';

interface Slot {
  service: Service;
  metricsPort: number;
  env: NodeJS.ProcessEnv;
}

/** The product's real processes with some jobs, to be looked at through their metrics. */
export class WatchedProduct {
  readonly #postgres: ChaosPostgres;
  readonly #functions: FunctionServer;
  readonly #harness: ProcessHarness = createProcessHarness();
  readonly #api: ChaosApi;
  readonly #slots: readonly Slot[];
  #workers: AppProcess[] = [];

  private constructor(
    postgres: ChaosPostgres,
    functions: FunctionServer,
    { apiPort, slots }: { apiPort: number; slots: Slot[] },
  ) {
    this.#postgres = postgres;
    this.#functions = functions;
    this.#slots = slots;
    this.#api = new ChaosApi(`http://127.0.0.1:${apiPort}`, KEY);
  }

  /** Prepares everything on a fresh database; nothing of the service runs yet. */
  static async create(): Promise<WatchedProduct> {
    const postgres = await ChaosPostgres.create(DATABASE_SEED);
    await migrateDatabase(postgres.url);
    const functions = await startFunctionServer();
    functions.script('/well', () => ({ body: { shouldPerform: true } }));
    functions.script('/broken', () => ({ status: 503, body: {} }));
    const apiPort = await freePort();
    return new WatchedProduct(postgres, functions, {
      apiPort,
      slots: await planSlots(postgres.url, apiPort),
    });
  }

  get targets(): ScrapeTarget[] {
    return this.#slots.map(({ service, metricsPort }) => ({ job: service, port: metricsPort }));
  }

  get directory(): string {
    return this.#postgres.directory;
  }

  /** Starts every process, then makes jobs that run every second; one in five has a function that never works. */
  async start(): Promise<void> {
    for (const slot of this.#slots.filter(({ service }) => service !== 'worker'))
      await this.#harness.start(slot.service, slot.env).untilLine(`${slot.service} started`, UP_TIMEOUT_MS);
    await this.startWorkers();
    const [well, broken] = [await this.#createFunction('well'), await this.#createFunction('broken')];
    for (let index = 0; index < JOBS; index++) {
      const functionId = index % 5 === 0 ? broken : well;
      const body = { name: `job ${index}`, function_id: functionId, schedule: '@every 1s' };
      const { status } = await this.#api.insist('POST', '/automation/jobs', { body });
      if (status !== 201) throw new Error(`a job was answered with ${status}`);
    }
  }

  async startWorkers(): Promise<void> {
    const workers = this.#slots
      .filter(({ service }) => service === 'worker')
      .map(({ env }) => this.#harness.start('worker', env));
    await Promise.all(workers.map((worker) => worker.untilLine('worker started', UP_TIMEOUT_MS)));
    this.#workers = workers;
  }

  /** Kills all workers; nobody starts them again. */
  async killWorkers(): Promise<void> {
    for (const worker of this.#workers) worker.signal('SIGKILL');
    await Promise.all(this.#workers.map((worker) => worker.untilExit()));
  }

  /** Does what a user does who looks at the jobs and changes one. */
  async lookAndChange(): Promise<void> {
    const { body: jobs } = await this.#api.insist('GET', '/automation/jobs?limit=1');
    const [job]: unknown[] = Array.isArray(jobs) ? jobs : [];
    const path = `/automation/jobs/${String(field(job, 'id'))}`;
    await this.#api.insist('PATCH', path, { body: { description: `as of ${Date.now()}` } });
  }

  async stop(): Promise<void> {
    await this.#harness.killAll();
    await this.#functions.close();
    await this.#postgres.stop();
  }

  async #createFunction(name: string): Promise<unknown> {
    const body = { name, url: this.#functions.url(`/${name}`), timeout_seconds: 5 };
    return field((await this.#api.insist('POST', '/functions', { body })).body, 'id');
  }
}

async function planSlots(databaseUrl: string, apiPort: number): Promise<Slot[]> {
  const workers = Array.from({ length: WORKERS }, (): Service => 'worker');
  const services: Service[] = ['api', 'scheduler', ...workers];
  return Promise.all(
    services.map(async (service) => {
      const metricsPort = await freePort();
      return { service, metricsPort, env: envOf(service, { databaseUrl, apiPort, metricsPort }) };
    }),
  );
}

function envOf(
  service: Service,
  { databaseUrl, apiPort, metricsPort }: { databaseUrl: string; apiPort: number; metricsPort: number },
): NodeJS.ProcessEnv {
  const shared = { DATABASE_URL: databaseUrl, METRICS_PORT: String(metricsPort), LOG_FORMAT: 'json' };
  switch (service) {
    case 'api':
      return {
        ...shared,
        API_PORT: String(apiPort),
        BOOTSTRAP_ACCOUNT_ID: 'alerts',
        BOOTSTRAP_API_KEY: KEY,
        FUNCTION_NETWORK: 'private',
      };
    case 'scheduler':
      return shared;
    case 'worker':
      return { ...shared, FUNCTION_NETWORK: 'private' };
  }
}
