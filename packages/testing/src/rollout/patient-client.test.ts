import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { freePort } from '../free-port.ts';
import { PatientClient } from './patient-client.ts';

let server: Server;
let url: string;
let received: IncomingMessage[] = [];
let answers: ((response: ServerResponse) => void)[] = [];

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    received.push(request);
    answers.shift()?.(response);
  });
  url = await listen(0);
});

afterEach(() => {
  server.close().closeAllConnections();
});

async function listen(port: number): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return `http://127.0.0.1:${address.port}`;
}

const saying = (status: number) => (response: ServerResponse) => void response.writeHead(status).end('{}');
const cutOff = (response: ServerResponse) => void response.destroy();

test('it tries again what may be tried again, a POST under one Idempotency-Key', async () => {
  answers = [saying(503), saying(429), saying(201)];
  const client = new PatientClient(url, 'key');
  expect(await client.insist('POST', '/automation/jobs', { body: {} })).toMatchObject({ status: 201 });
  const keys = received.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect([...client.retries]).toEqual([
    ['503', 1],
    ['429', 1],
  ]);
  expect(client.faults).toEqual([]);
});

test('it waits for somebody to take the connection', async () => {
  const port = await freePort();
  const client = new PatientClient(`http://127.0.0.1:${port}`, 'key');
  answers = [saying(200)];
  const asked = client.insist('GET', '/automation/jobs');
  server.close();
  await listen(port);
  expect(await asked).toMatchObject({ status: 200 });
  expect(client.faults).toEqual([]);
});

test.each([
  ['a 500', saying(500), '500'],
  ['a connection that is cut off', cutOff, 'UND_ERR_SOCKET'],
])('%s is a fault, and is not tried again', async (_what, answer, how) => {
  answers = [answer];
  const client = new PatientClient(url, 'key');
  await client.insist('GET', '/automation/jobs/01a220cf-6d27-736f-bcfb-6512d8714a08');
  expect(received).toHaveLength(1);
  expect(client.faults).toEqual([expect.stringContaining(`GET /automation/jobs/{id}: ${how}`)]);
});
