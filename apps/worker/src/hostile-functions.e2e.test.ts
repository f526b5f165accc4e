import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import type { Execution, Job } from '@automation/domain';
import { functions } from '@automation/store';

import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

let workers: TestWorkers;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  workers = await openTestWorkers();
});

afterAll(async () => {
  await workers.dispose();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const MIB = 1024 * 1024;

/** What a function does with a connection over which a request has come. */
type Hostility = (socket: Socket) => void;

const send =
  (answer: string | Buffer): Hostility =>
  (socket) => {
    socket.write(answer);
  };

const drip =
  (beginning: string): Hostility =>
  (socket) => {
    socket.write(beginning);
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  };

const pour =
  (beginning: string, piece: Buffer): Hostility =>
  (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    socket.write(beginning);
    more();
  };

function packed(body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${HEAD}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
}

function deep(levels: number): string {
  const body = `{"shouldPerform":true,"performPayload":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
  return `${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A job of a function that does as it likes, with a single attempt. */
async function newHostileJob(hostility: Hostility, timeoutSeconds: number): Promise<Job> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => hostility(socket));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { job } = await workers.newJob({ timeoutSeconds, retryLimit: 0 });
  const url = `http://127.0.0.1:${addressOf(server.address()).port}/`;
  await functions.update(workers.store.db, job.accountId, job.functionId, { url, updatedAt: new Date() });
  return job;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

const HOSTILITIES: [string, Hostility, string][] = [
  ['never answers', () => undefined, 'timed_out'],
  ['drips its headers', drip(HEAD), 'timed_out'],
  ['drips its body', drip(`${HEAD}Content-Length: 1000\r\n\r\n`), 'timed_out'],
  [
    'answers a gigabyte',
    pour(`${HEAD}Content-Length: 1000000000\r\n\r\n`, Buffer.alloc(65_536, ' ')),
    'failed',
  ],
  ['sends headers without end', pour(HEAD, Buffer.from('X-More: yes\r\n'.repeat(5_000))), 'failed'],
  [
    'sends informational answers without end',
    pour('', Buffer.from('HTTP/1.1 103 Hint\r\n\r\n'.repeat(2_000))),
    'failed',
  ],
  ['answers a bomb', send(packed(gzipSync(Buffer.alloc(32 * MIB, ' ')))), 'failed'],
  ['answers JSON that PostgreSQL cannot store', send(deep(20_000)), 'failed'],
  ['talks nonsense', send('\0\u0001\u0002\r\n\r\n'), 'failed'],
  ['hangs up', (socket) => socket.destroy(), 'failed'],
];

test('hostile functions come to an outcome within their time, and others run beside them unharmed (SPEC 4)', async () => {
  const { job: healthy, path } = await workers.newJob();
  workers.server.script(path, () => ({ body: {} }));
  const { metricsPort } = await workers.start();
  const attacks: { what: string; expected: string; execution: Execution }[] = [];
  const runs: Execution[] = [];
  for (const [what, hostility, expected] of HOSTILITIES) {
    // What does not go on for ever has its time, on a busy machine too.
    const job = await newHostileJob(hostility, expected === 'timed_out' ? 1 : 60);
    attacks.push({ what, expected, execution: await workers.run(job) });
    runs.push(await workers.run(healthy));
  }
  for (const run of runs) expect(await workers.untilFinished(run)).toHaveProperty('status', 'succeeded');
  for (const { what, expected, execution } of attacks) {
    const { status, check } = await workers.untilFinished(execution);
    expect({ what, status, attempts: check?.attempts }).toEqual({ what, status: expected, attempts: 1 });
  }
  expect((await fetch(`http://127.0.0.1:${metricsPort}/healthz`)).status).toBe(200);
});
