import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';

import { type PublishedEvent, selectedTypes } from '@automation/domain';
import { waitUntil } from '@automation/testing';

import { EventStream } from './event-stream.ts';

let server: Server;
let accepted: ServerResponse[];

beforeAll(async () => {
  server = createServer((_request, response) => accepted.push(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

beforeEach(() => {
  accepted = [];
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const READER = { accountId: 'acc', types: selectedTypes(['job.*']), authorize: async () => undefined };
const LIMITS = { bufferedBytes: 50_000, stalledMs: 60_000 };

/** A stream after position 3, and its client, which reads nothing by itself. */
async function connect(
  limits = LIMITS,
): Promise<{ stream: EventStream; answer: IncomingMessage; response: ServerResponse }> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const request = get({ port: address.port, host: '127.0.0.1' });
  const response = await waitUntil(() => accepted[0]);
  const stream = new EventStream(response, READER, 3, limits);
  stream.open();
  const [answer]: IncomingMessage[] = await once(request, 'response');
  if (answer === undefined) throw new Error('no answer');
  answer.on('error', () => undefined);
  return { stream, answer, response };
}

const event = (position: number, overrides: Partial<PublishedEvent> = {}): PublishedEvent => ({
  position,
  accountId: 'acc',
  jobId: 'job-1',
  executionId: null,
  type: 'job.updated',
  data: {},
  createdAt: new Date('2026-01-05T09:00:00Z'),
  ...overrides,
});

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}

test('a stream begins with where it is, and sends each event that is wanted once, in order', async () => {
  const { stream, answer } = await connect();
  for (const each of [event(3), event(4), event(4), event(5, { type: 'execution.failed' })])
    stream.send(each);
  stream.sendGap(8);
  stream.skipTo(9);
  stream.keepAlive();
  stream.end();
  expect(answer.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const frames = (await textOf(answer)).split('\n\n');
  const data =
    '{"id":"4","type":"job.updated","time":"2026-01-05T09:00:00Z","account_id":"acc","job_id":"job-1","data":{}}';
  expect(frames).toEqual([
    'retry: 2000\n: at 3\nid: 3',
    `id: 4\nevent: job.updated\ndata: ${data}`,
    expect.stringMatching(/^id: 8\nevent: events\.gap\ndata: .*"data":\{"after":"5","until":"8"\}\}$/),
    ': at 9\nid: 9',
    '',
  ]);
});

test('a client that reads too slowly is cut off, and what is kept for it is bounded', async () => {
  const { stream, answer, response } = await connect();
  const data = { text: 'x'.repeat(10_000) };
  let most = 0;
  for (let position = 4; stream.isOpen && position < 10_000; position += 1) {
    stream.send(event(position, { data }));
    most = Math.max(most, response.writableLength);
  }
  expect(stream.isOpen).toBe(false);
  expect(most).toBeLessThan(LIMITS.bufferedBytes + 11_000);
  answer.destroy();
});

/** Sends more than the connection takes by itself. */
function fill(stream: EventStream): void {
  const data = { text: 'x'.repeat(100_000) };
  for (let n = 0; n < 200; n += 1) stream.send(event(stream.position + 1, { data }));
}

describe('a client that is catching up', () => {
  const bufferedBytes = 100_000_000;

  test('is waited for', async () => {
    const { stream, answer } = await connect({ bufferedBytes, stalledMs: 60_000 });
    fill(stream);
    const drained = stream.drained();
    answer.resume();
    await drained;
    expect(stream.isOpen).toBe(true);
    answer.destroy();
  });

  test('is cut off if it reads nothing for too long', async () => {
    const { stream, answer } = await connect({ bufferedBytes, stalledMs: 50 });
    fill(stream);
    await stream.drained();
    expect(stream.isOpen).toBe(false);
    answer.destroy();
  });

  test('has its stream ended though it does not read', async () => {
    const { stream, answer, response } = await connect({ bufferedBytes, stalledMs: 60_000 });
    fill(stream);
    stream.end();
    await once(response, 'close');
    expect(response.destroyed).toBe(true);
    answer.destroy();
  });
});
