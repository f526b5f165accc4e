import { readFileSync } from 'node:fs';

import { cpuOfFamily, cpuOfProcess } from '../system/cpu-meter.ts';
import { createPeerDatabase, dropPeerDatabase } from './peer-database.ts';
import { Peer } from './peer.ts';
import { RedisServer } from './redis-server.ts';

export interface PeerContext {
  /** Of a database on the server that peers get databases of their own on. */
  postgresUrl: string;
  /** Of that server's first process. */
  postgresPid: number;
  functionUrl: string;
}

export interface RunningPeer {
  peer: Peer;
  /** Core-µs used so far by `node`, the peer's process, and by `store`, the server that keeps its jobs. */
  cpu: () => Record<string, number>;
  stop: () => Promise<void>;
}

export interface BenchPeer {
  /** As shown in tables. */
  name: string;
  /** Starts it; a string says why it is skipped on this machine. */
  start: (context: PeerContext) => Promise<RunningPeer | string>;
}

/** The engines that do the same work. */
export const PEERS: readonly BenchPeer[] = [
  { name: `BullMQ ${versionOf('bullmq')} on Redis`, start: startBullMq },
  {
    name: `graphile-worker ${versionOf('graphile-worker')}, batched`,
    start: (context) => startOnPostgres(context, 'graphile-worker'),
  },
  {
    name: `pg-boss ${versionOf('pg-boss')}, as one first writes it`,
    start: (context) => startOnPostgres(context, 'pg-boss'),
  },
];

/** Nothing but the HTTP calls: the limit of what an engine can reach. */
export async function startBareHttp({ functionUrl }: Pick<PeerContext, 'functionUrl'>): Promise<RunningPeer> {
  const peer = await Peer.start('bare-http-process.ts', { FUNCTION_URL: functionUrl });
  return { peer, cpu: () => ({ node: cpuOfProcess(peer.pid) }), stop: () => peer.stop() };
}

async function startOnPostgres(
  { postgresUrl, postgresPid, functionUrl }: PeerContext,
  engine: 'graphile-worker' | 'pg-boss',
): Promise<RunningPeer> {
  const database = `peer_${engine.replace('-', '_')}`;
  const url = await createPeerDatabase(postgresUrl, database);
  return startWithStore(
    `${engine}-process.ts`,
    // The last one keeps graphile-worker from wording a line for each job that its logger would drop.
    { FUNCTION_URL: functionUrl, POSTGRES_URL: url, NO_LOG_SUCCESS: '1' },
    { cpu: () => cpuOfFamily(postgresPid), stop: () => dropPeerDatabase(postgresUrl, database) },
  );
}

async function startBullMq({ functionUrl }: PeerContext): Promise<RunningPeer | string> {
  const redis = await RedisServer.start();
  if (redis === null) return 'redis-server is not installed (Debian: apt install redis-server)';
  return startWithStore(
    'bullmq-process.ts',
    { FUNCTION_URL: functionUrl, REDIS_URL: redis.url },
    { cpu: () => cpuOfProcess(redis.pid), stop: () => redis.stop() },
  );
}

/** Stops the store after its peer, and also if the peer does not start. */
async function startWithStore(
  script: string,
  settings: NodeJS.ProcessEnv,
  store: { cpu: () => number; stop: () => Promise<void> },
): Promise<RunningPeer> {
  try {
    const peer = await Peer.start(script, settings);
    return {
      peer,
      cpu: () => ({ node: cpuOfProcess(peer.pid), store: store.cpu() }),
      stop: async () => {
        await peer.stop();
        await store.stop();
      },
    };
  } catch (error) {
    await store.stop();
    throw error;
  }
}

/** Of an engine as installed. Not every package lets its package.json be imported. */
function versionOf(engine: string): string {
  const path = new URL(`../../node_modules/${engine}/package.json`, import.meta.url);
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return String(Reflect.get(Object(manifest), 'version'));
}
