import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

import { freePort } from '../free-port.ts';
import { waitUntil } from '../wait-until.ts';
import { Balancer } from './balancer.ts';

/** An api, as far as a balancer is concerned. */
interface Replica {
  port: number;
  isReady: boolean;
  server: Server;
}

let balancer: Balancer;
let url: string;
let replicas: Replica[] = [];

beforeEach(async () => {
  balancer = new Balancer();
  url = await balancer.start();
});

afterEach(async () => {
  for (const { server } of replicas.splice(0)) server.close().closeAllConnections();
  await balancer.close();
});

async function startReplica(): Promise<Replica> {
  const replica: Replica = {
    port: await freePort(),
    isReady: true,
    server: createServer((request, response) => {
      response.statusCode = request.url === '/readyz' && !replica.isReady ? 503 : 200;
      response.end(String(replica.port));
    }),
  };
  await new Promise<void>((resolve) => replica.server.listen(replica.port, '127.0.0.1', resolve));
  balancer.add(replica.port);
  await waitUntil(() => balancer.isReady(replica.port));
  replicas = [...replicas, replica];
  return replica;
}

/** Which replica answers; by a connection of its own, unless an agent has one. */
async function ask(agent: Agent | false = false): Promise<number> {
  const answered = Promise.withResolvers<IncomingMessage>();
  get(url, { agent }, answered.resolve).once('error', answered.reject);
  return Number(await text(await answered.promise));
}

const ascending = (a: number, b: number) => a - b;

test('new connections go to one ready replica after the other', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  const answers = [await ask(), await ask(), await ask(), await ask()];
  expect(answers.toSorted(ascending)).toEqual(
    [one.port, one.port, other.port, other.port].toSorted(ascending),
  );
});

test('none goes to a replica that says that it is not ready; one that is open stays', async () => {
  const [one, other] = [await startReplica(), await startReplica()];
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
  const before = await Promise.all(agents.map(ask));
  expect(before.toSorted(ascending)).toEqual([one.port, other.port].toSorted(ascending));
  one.isReady = false;
  await waitUntil(() => !balancer.isReady(one.port));
  expect([await ask(), await ask(), await ask()]).toEqual([other.port, other.port, other.port]);
  expect(await Promise.all(agents.map(ask))).toEqual(before);
  for (const agent of agents) agent.destroy();
});

test('without a replica that is ready a connection is closed, and counted', async () => {
  await expect(ask()).rejects.toThrow(/hang up|ECONNRESET/);
  expect(balancer.unserved).toBe(1);
});
