import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

import type { Load } from './load.ts';
import { runLoad } from './run-load.ts';

type Answer = (request: IncomingMessage) => Promise<number>;

const SECONDS = 0.3;

/** Runs a load on a server that answers with the given statuses. */
async function run(answer: Answer, load: Partial<Load> = {}) {
  const server = createServer((request, response) => {
    void answer(request).then((status) => response.writeHead(status).end('so be it'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  try {
    return await runLoad({
      origin: `http://127.0.0.1:${address.port}`,
      method: 'GET',
      paths: ['/'],
      headers: {},
      body: null,
      expectedStatus: 200,
      connections: 2,
      seconds: SECONDS,
      perSecond: null,
      ...load,
    });
  } finally {
    server.close();
  }
}

test('a closed loop has one request on each connection, and counts what is answered in its time', async () => {
  const result = await run(async () => {
    await delay(50);
    return 200;
  });
  expect(result.answered).toBeGreaterThanOrEqual(2);
  expect(result.answered).toBeLessThanOrEqual(12);
  expect(result.perSecond).toBeCloseTo(result.answered / SECONDS);
  expect(result.latencyMs.median).toBeGreaterThan(45);
});

test('an open loop sends all that is due, and counts how long each has waited for its turn', async () => {
  const opened = Date.now();
  const result = await run(
    async () => {
      await delay(Math.max(0, opened + 300 - Date.now()));
      return 200;
    },
    { perSecond: 100, connections: 1 },
  );
  expect(result.answered).toBe(30);
  // A generator that waits for the first answer before it sends the next request finds a fast server from then on.
  expect(result.latencyMs.median).toBeGreaterThan(75);
});

test('requests take the paths in turn, and no two bodies have the same number', async () => {
  const paths = new Set<string | undefined>();
  const bodies: string[] = [];
  await run(
    async (request) => {
      paths.add(request.url);
      bodies.push(await text(request));
      return 200;
    },
    { method: 'POST', paths: ['/a', '/b'], body: 'job {n}', perSecond: 50 },
  );
  expect(paths).toEqual(new Set(['/a', '/b']));
  expect(bodies).toHaveLength(15);
  expect(new Set(bodies).size).toBe(15);
});

test('any other status is a failure that says what was answered', async () => {
  await expect(run(async () => 429)).rejects.toThrow('GET /: 429 so be it');
});
