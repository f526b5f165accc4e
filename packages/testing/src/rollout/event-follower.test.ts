import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { waitUntil } from '../wait-until.ts';
import { EventFollower } from './event-follower.ts';

let server: Server;
let url: string;
let askedAfter: unknown[] = [];
let streams: ((response: ServerResponse) => void)[] = [];

beforeEach(async () => {
  askedAfter = [];
  server = createServer((request, response) => {
    askedAfter.push(request.headers['last-event-id']);
    streams.shift()?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  url = `http://127.0.0.1:${address.port}`;
});

afterEach(() => {
  server.close().closeAllConnections();
});

const event = (id: number, job: string) => `id: ${id}\nevent: job.created\ndata: {"job_id": "${job}"}\n\n`;

test('it goes on after the last event that it got, however a stream ends', async () => {
  streams = [
    (response) => response.end(`retry: 2000\n: at 0\nid: 0\n\n${event(1, 'a')}${event(2, 'b')}`),
    (response) => void response.writeHead(503).end(),
    (response) => void response.write(event(3, 'c'), () => response.destroy()),
    (response) => void response.write(`${event(4, 'd')}id: 5\nevent: job.`),
  ];
  const follower = new EventFollower({ url, key: 'key' }, 'job.created');
  const over = new AbortController();
  const following = follower.follow(over.signal);
  await waitUntil(() => follower.jobs.length === 4);
  over.abort();
  await following;
  expect(follower.jobs).toEqual(['a', 'b', 'c', 'd']);
  expect(askedAfter).toEqual(['0', '2', '2', '3']);
});

test('it ends where there are no events', async () => {
  streams = [(response) => void response.writeHead(404).end()];
  const follower = new EventFollower({ url, key: 'key' }, 'job.created');
  await follower.follow(new AbortController().signal);
  expect(follower.streams).toBe(0);
});
