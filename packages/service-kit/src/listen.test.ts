import { createServer, type Server } from 'node:http';
import { listen } from './listen.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function setup(): Server {
  const server = createServer();
  servers.push(server);
  return server;
}

test('port 0 is any free port, which is returned', async () => {
  const port = await listen(setup(), { host: '127.0.0.1', port: 0, setting: 'API_PORT' });
  expect(port).toBeGreaterThan(0);
});

test('a taken port rejects with the setting to change, and keeps the cause', async () => {
  const port = await listen(setup(), { host: '127.0.0.1', port: 0, setting: 'API_PORT' });
  await expect(listen(setup(), { host: '127.0.0.1', port, setting: 'METRICS_PORT' })).rejects.toMatchObject({
    message: `METRICS_PORT ${port} is already in use`,
    cause: { code: 'EADDRINUSE' },
  });
});

test('a host that is not here rejects with the host', async () => {
  // 203.0.113.0/24 is reserved for documentation.
  await expect(listen(setup(), { host: '203.0.113.1', port: 0, setting: 'API_PORT' })).rejects.toThrow(
    'API_PORT 0 cannot be opened: no address 203.0.113.1 on this machine',
  );
});
