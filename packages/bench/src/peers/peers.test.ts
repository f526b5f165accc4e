import { spawnSync } from 'node:child_process';

import { waitUntil } from '@automation/testing';
import { Client } from 'pg';

import { FunctionServer } from '../system/function-server.ts';
import { type BenchPeer, type PeerContext, PEERS, type RunningPeer, startBareHttp } from './peers.ts';

const RUNS = 50;
/** pg-boss with its defaults polls every two seconds, for each phase. */
const TIMEOUT_MS = 15_000;
const LEAD_MS = 300;
/** The function server's clock and ours may differ by a little. */
const CLOCKS_MS = 20;

const hasRedis = spawnSync('redis-server', ['--version']).error === undefined;
const bullMq = PEERS.find(({ name }) => name.startsWith('BullMQ'))!;
const subjects: BenchPeer[] = [{ name: 'bare HTTP', start: startBareHttp }, ...PEERS];

let functions: FunctionServer;
let context: PeerContext;
let running: RunningPeer | null = null;

beforeAll(async () => {
  functions = await FunctionServer.start();
  context = {
    postgresUrl: process.env['TEST_SERVER_URL']!,
    postgresPid: process.pid,
    functionUrl: functions.url,
  };
});

afterEach(async () => {
  await running?.stop();
  running = null;
  await functions.take();
});

afterAll(() => functions.stop());

async function start(subject: BenchPeer): Promise<RunningPeer> {
  const started = await subject.start(context);
  if (typeof started === 'string') throw new Error(started);
  running = started;
  return started;
}

const untilPerformed = (runs: number) =>
  waitUntil(async () => (await functions.stats()).performs >= runs, {
    timeoutMs: TIMEOUT_MS,
    what: `${runs} runs`,
  });

async function databases(): Promise<string[]> {
  const client = new Client({ connectionString: context.postgresUrl });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
  await client.end();
  return rows.map(({ datname }) => datname);
}

for (const subject of subjects) {
  const describeIfInstalled = subject === bullMq && !hasRedis ? describe.skip : describe;

  describeIfInstalled(subject.name, () => {
    it('checks and performs each run one time, and none before it is due', async () => {
      const { peer, cpu } = await start(subject);
      const dueAt = Date.now() + LEAD_MS;
      await peer.tell({ kind: 'fill', runs: RUNS, dueAt });
      await peer.tell({ kind: 'work' });
      await untilPerformed(RUNS);

      const { checks, performs, lags } = await functions.take();
      expect({ checks, performs }).toEqual({ checks: RUNS, performs: RUNS });
      expect(Math.min(...lags)).toBeGreaterThan(-CLOCKS_MS);
      expect(cpu()).toHaveProperty('node', expect.any(Number));
    });

    it('works off what is enqueued one by one while it works', async () => {
      const { peer } = await start(subject);
      await peer.tell({ kind: 'work' });
      await peer.tell({ kind: 'work' });
      await peer.tell({ kind: 'trickle', perSecond: 50, seconds: 0.2 });
      await untilPerformed(10);

      expect(await functions.stats()).toMatchObject({ checks: 10, performs: 10 });
    });
  });
}

it('leaves no database behind', async () => {
  const { stop } = await start(PEERS.find(({ name }) => name.startsWith('graphile-worker'))!);
  expect(await databases()).toContain('peer_graphile_worker');
  await stop();
  running = null;

  expect(await databases()).not.toContain('peer_graphile_worker');
});

it('says why BullMQ is skipped where there is no redis-server', async () => {
  const { PATH } = process.env;
  process.env['PATH'] = '';
  try {
    expect(await bullMq.start(context)).toMatch(/redis-server is not installed/);
  } finally {
    process.env['PATH'] = PATH;
  }
});
