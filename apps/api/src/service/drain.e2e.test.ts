import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { installQueues } from '@automation/queue';
import { migrate } from '@automation/store';
import { createTestDatabase, type TestDatabase, recordingLogger } from '@automation/testing';

import { loadApiConfig, start } from '../index.ts';

const KEY = 'admin-key-of-the-tests-0123456789abcdef';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
});

afterAll(() => database.drop());

test('after SIGTERM the request in flight is answered, and its connection brings no more than one after it (SPEC 6)', async () => {
  const settings = {
    API_PORT: '0',
    METRICS_PORT: '0',
    BOOTSTRAP_ACCOUNT_ID: 'admin',
    BOOTSTRAP_API_KEY: KEY,
  };
  const config = loadApiConfig({ DATABASE_URL: database.url, ...settings });
  const running = await start(config, { logger: recordingLogger() });
  const socket = connect(running.port, '127.0.0.1');
  const received = text(socket);
  const send = (line: string, headers: string) =>
    socket.write(`${line} HTTP/1.1\r\nHost: api\r\nX-API-Key: ${KEY}\r\n${headers}\r\n`);

  send('POST /automation/schedules/preview', 'Content-Type: application/json\r\nContent-Length: 22\r\n');
  await once(socket, 'ready');
  // Answered later on another connection, so that the one above is in flight by then.
  await fetch(`http://127.0.0.1:${running.port}/healthz`);
  const stopped = running.stop();
  socket.write('{"schedule":"@hourly"}');
  send('GET /healthz', '');
  send('GET /healthz', '');

  await stopped;
  const answers = (await received).split(/(?=HTTP\/1\.1 )/);
  expect(answers.map((answer) => [answer.slice(9, 12), /^connection: .*$/im.exec(answer)?.[0]])).toEqual([
    ['200', 'Connection: keep-alive'],
    ['200', 'Connection: close'],
  ]);
});
