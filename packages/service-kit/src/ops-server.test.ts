import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import request from 'supertest';
import { LogLevelSwitch } from './log-level-switch.ts';
import { createLogger } from './logger.ts';
import { createOpsServer, type OpsServer, type OpsServerOptions } from './ops-server.ts';
import { Readiness } from './readiness.ts';
import { createRegistry } from './registry.ts';

const jest = import.meta.jest;

const started: OpsServer[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

function setup(options: Partial<OpsServerOptions> = {}): OpsServer {
  const server = createOpsServer({
    host: '127.0.0.1',
    port: 0,
    registry: new Registry(),
    readiness: new Readiness({}),
    logLevel: new LogLevelSwitch('info'),
    logger: createLogger({ service: 'worker', level: 'error', format: 'json' }),
    ...options,
  });
  started.push(server);
  return server;
}

async function get(server: OpsServer, path: string) {
  const { port } = await server.start();
  return request(`http://127.0.0.1:${port}`).get(path);
}

describe('endpoints', () => {
  test('/healthz answers that the process is alive', async () => {
    const response = await get(setup(), '/healthz');
    expect([response.status, response.body]).toEqual([200, { status: 'ok' }]);
  });

  test('/readyz answers 200 when every dependency is there', async () => {
    const response = await get(setup({ readiness: new Readiness({ database: async () => {} }) }), '/readyz');
    expect([response.status, response.body]).toEqual([200, { status: 'ready', checks: { database: 'ok' } }]);
  });

  test('/readyz answers 503 with the reason when one is not', async () => {
    const readiness = new Readiness({ database: () => Promise.reject(new Error('connection refused')) });
    const response = await get(setup({ readiness }), '/readyz');
    expect([response.status, response.body]).toEqual([
      503,
      { status: 'unavailable', checks: { database: 'connection refused' } },
    ]);
  });

  test('/metrics answers the registry in the format of Prometheus', async () => {
    const response = await get(setup({ registry: createRegistry('worker') }), '/metrics');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.text).toMatch(/^nodejs_eventloop_lag_seconds\{service="worker"\} /m);
  });

  test('/metrics answers 500 without a stack when a metric cannot be collected', async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: 'broken', help: 'Cannot be read', registers: [registry] });
    jest.spyOn(gauge, 'get').mockRejectedValue(new Error('gauge broke'));
    const response = await get(setup({ registry }), '/metrics');
    expect([response.status, response.text]).toEqual([500, 'gauge broke']);
  });
});

describe('start and stop', () => {
  test('start twice opens one port', async () => {
    const server = setup();
    expect(await server.start()).toEqual(await server.start());
  });

  test('stop before start, and stop twice, do nothing', async () => {
    const server = setup();
    await server.stop();
    const { port } = await server.start();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    await expect(request(`http://127.0.0.1:${port}`).get('/healthz')).rejects.toThrow('ECONNREFUSED');
  });

  test('stop during the start leaves nothing open', async () => {
    const server = setup();
    const starting = server.start();
    await server.stop();
    const { port } = await starting;
    await expect(request(`http://127.0.0.1:${port}`).get('/healthz')).rejects.toThrow('ECONNREFUSED');
  });

  test('stop does not wait for a client that holds its connection open', async () => {
    const server = setup();
    const { port } = await server.start();
    const client = connect(port, '127.0.0.1');
    client.on('error', () => {});
    client.write('GET /healthz HTTP/1.1\r\n');
    await once(client, 'connect');
    await expect(server.stop()).resolves.toBeUndefined();
    client.destroy();
  });

  test('a taken port is named with its setting', async () => {
    const { port } = await setup().start();
    await expect(setup({ port }).start()).rejects.toThrow(`METRICS_PORT ${port} is already in use`);
    await expect(setup({ port, setting: 'OPS_PORT' }).start()).rejects.toThrow(
      `OPS_PORT ${port} is already in use`,
    );
  });

  test('a port that was taken can be had once it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const server = setup({ port });
    await expect(server.start()).rejects.toThrow('is already in use');
    await once(other.close(), 'close');
    await expect(server.start()).resolves.toEqual({ port });
  });
});
