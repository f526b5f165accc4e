import { networkInterfaces } from 'node:os';
import { Registry } from 'prom-client';
import request from 'supertest';
import type { LogFields } from './log-event.ts';
import { LogLevelSwitch } from './log-level-switch.ts';
import { createOpsServer, type OpsServer } from './ops-server.ts';
import { Readiness } from './readiness.ts';

let server: OpsServer;
let port: number;
let logLevel: LogLevelSwitch;
let said: [string, LogFields | undefined][];

beforeEach(async () => {
  logLevel = new LogLevelSwitch('info');
  said = [];
  const info = (message: string, fields?: LogFields) => void said.push([message, fields]);
  const logger = { error: info, warn: info, info, debug: info, child: () => logger };
  server = createOpsServer({
    port: 0,
    registry: new Registry(),
    readiness: new Readiness({}),
    logLevel,
    logger,
  });
  ({ port } = await server.start());
});

afterEach(() => server.stop());

const ask = (host = '127.0.0.1') => request(`http://${host}:${port}`);

test('GET /log-level says what is written and what is configured', async () => {
  logLevel.set('debug', { info: () => undefined });
  const { status, body } = await ask().get('/log-level');
  expect([status, body]).toEqual([200, { level: 'debug', configured: 'info' }]);
});

test('PUT /log-level changes it, and the log says so', async () => {
  const { status, body } = await ask().put('/log-level').send({ level: 'debug' });
  expect([status, body]).toEqual([200, { level: 'debug', configured: 'info' }]);
  expect(logLevel.isEnabled('debug')).toBe(true);
  expect(said).toEqual([['log level changed', { from: 'info', to: 'debug' }]]);
});

test.each([
  ['another level', '{"level":"trace"}', '"level" must be one of [error, warn, info, debug]'],
  ['no level', '{}', '"level" is required'],
  ['no JSON', 'debug', 'is not valid JSON'],
])('%s is refused, and changes nothing', async (_what, body, message) => {
  const response = await ask().put('/log-level').set('Content-Type', 'application/json').send(body);
  expect(response.status).toBe(400);
  expect(response.text.replaceAll('\\"', '"')).toContain(message);
  expect(logLevel.level).toBe('info');
});

test('other machines are refused, and see the metrics all the same', async () => {
  const address = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  // Without a network there are no other machines.
  if (address === undefined) return;
  // A connection to an address of one's own comes from it.
  const refused = [
    await ask(address).get('/log-level'),
    await ask(address).put('/log-level').send({ level: 'debug' }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403]);
  expect(logLevel.level).toBe('info');
  expect((await ask(address).get('/metrics')).status).toBe(200);
});
