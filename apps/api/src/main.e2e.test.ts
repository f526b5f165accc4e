import { once } from 'node:events';
import { createServer } from 'node:net';

import { installQueues } from '@automation/queue';
import { migrate } from '@automation/store';
import {
  createProcessHarness,
  createTestDatabase,
  freePort,
  type FunctionServer,
  startFunctionServer,
  type TestDatabase,
  unique,
  waitUntil,
} from '@automation/testing';
import request, { type Response } from 'supertest';

const KEY = 'admin-key-of-the-tests-0123456789abcdef';

const processes = createProcessHarness();
let database: TestDatabase;
let functionServer: FunctionServer;

beforeAll(async () => {
  database = await createTestDatabase(migrate, installQueues);
  functionServer = await startFunctionServer();
});

afterAll(async () => {
  await processes.killAll();
  await functionServer.close();
  await database.drop();
});

/** No migrations. */
async function empty(): Promise<void> {
  // The database stays as it was created.
}

/** Starts the api and waits until it is ready. */
async function startApi(env: NodeJS.ProcessEnv = {}) {
  const app = processes.start('api', {
    DATABASE_URL: database.url,
    API_PORT: '0',
    METRICS_PORT: '0',
    LOG_FORMAT: 'json',
    BOOTSTRAP_ACCOUNT_ID: 'admin',
    BOOTSTRAP_API_KEY: KEY,
    FUNCTION_NETWORK: 'private',
    ...env,
  });
  const { event } = await app.untilLine('api started');
  return { app, url: `http://127.0.0.1:${String(event['port'])}` };
}

/** Asks for a test call of a function that has taken the request once this resolves, and answers when it is let go. */
async function holdRequest(url: string, path: string) {
  const answered = Promise.withResolvers<{ body: object }>();
  functionServer.script(path, () => answered.promise);
  const fn = await request(url)
    .post('/functions')
    .set('X-API-Key', KEY)
    .send({ name: 'held', url: functionServer.url(path) });
  const pending = request(url)
    .post(`${String(fn.headers['location'])}/test`)
    .set('X-API-Key', KEY)
    .then(
      ({ status }) => status,
      () => 'cut',
    );
  await waitUntil(() => functionServer.calls(path).length === 1);
  return { pending, letGo: () => answered.resolve({ body: {} }) };
}

describe('node apps/api/src/main.ts (SPEC 6)', () => {
  test('a wrong configuration exits with 78 and names every mistake', async () => {
    const app = processes.start('api', {
      DATABASE_URL: 'mysql://x',
      DATABASE_POOL_SIZE: '0',
      API_HOST: 'not a host',
      API_PORT: '99999',
      METRICS_PORT: 'x',
      FUNCTION_NETWORK: 'lan',
      BOOTSTRAP_API_KEY: 'short',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      SHUTDOWN_GRACE_MS: '-1',
    });
    expect(await app.untilExit()).toEqual({ code: 78, signal: null });
    expect(app.text('stdout')).toBe('');
    expect(app.text('stderr').trimEnd().split('\n').toSorted()).toEqual([
      'API_HOST "not a host" must be a valid hostname',
      'API_PORT "99999" must be a valid port',
      'BOOTSTRAP_ACCOUNT_ID is required beside BOOTSTRAP_API_KEY',
      'BOOTSTRAP_API_KEY length must be at least 32 characters long',
      'DATABASE_POOL_SIZE "0" must be greater than or equal to 1',
      'DATABASE_URL must be a URI like postgres://user:password@host:5432/database',
      'FUNCTION_NETWORK "lan" must be one of [public, private]',
      'LOG_FORMAT "xml" must be one of [json, pretty]',
      'LOG_LEVEL "loud" must be one of [error, warn, info, debug]',
      'METRICS_PORT "x" must be a number',
      'SHUTDOWN_GRACE_MS "-1" must be greater than or equal to 0',
    ]);
  });

  test('on a database that was not migrated it exits with 1 and says what to do', async () => {
    const unmigrated = await createTestDatabase(empty);
    const app = processes.start('api', {
      DATABASE_URL: unmigrated.url,
      API_PORT: '0',
      METRICS_PORT: '0',
    });
    const { code } = await app.untilExit();
    await unmigrated.drop();
    expect({ code, stderr: app.text('stderr') }).toEqual({
      code: 1,
      stderr: 'api could not start: the database is not migrated, run `node apps/api/src/migrate.ts` first\n',
    });
  });

  test('when nobody listens at DATABASE_URL it exits with 1 and says so, without the password', async () => {
    const port = await freePort();
    const app = processes.start('api', {
      DATABASE_URL: `postgres://me:hidden@127.0.0.1:${port}/x`,
      API_PORT: '0',
      METRICS_PORT: '0',
    });
    expect(await app.untilExit()).toEqual({ code: 1, signal: null });
    expect(app.text('stderr')).toMatch(/^api could not start: .*ECONNREFUSED.*\n$/);
    expect(app.text('stderr')).not.toContain('hidden');
  });

  test.each(['API_PORT', 'METRICS_PORT'])(
    'a %s that is taken is named, and it exits with 1',
    async (name) => {
      const other = createServer().listen(0);
      await once(other, 'listening');
      const address = other.address();
      const port = typeof address === 'object' ? address?.port : address;
      const app = processes.start('api', {
        DATABASE_URL: database.url,
        API_PORT: '0',
        API_HOST: '0.0.0.0',
        METRICS_PORT: '0',
        [name]: String(port),
      });
      const exit = await app.untilExit();
      other.close();
      expect(exit).toEqual({ code: 1, signal: null });
      expect(app.text('stderr')).toBe(`api could not start: ${name} ${port} is already in use\n`);
    },
  );

  test('replicas that start at once make the bootstrap key once between them, and never show it', async () => {
    const BOOTSTRAP_ACCOUNT_ID = unique('acc');
    const BOOTSTRAP_API_KEY = unique('a key that several replicas are given');
    const env = { BOOTSTRAP_ACCOUNT_ID, BOOTSTRAP_API_KEY };
    const [one, other] = await Promise.all([startApi(env), startApi(env)]);
    const { body }: Response = await request(one.url)
      .get(`/accounts/${BOOTSTRAP_ACCOUNT_ID}/api-keys`)
      .set('X-API-Key', BOOTSTRAP_API_KEY)
      .expect(200);
    expect(body).toHaveLength(1);
    for (const { app } of [one, other]) expect(app.text('stdout')).not.toContain(BOOTSTRAP_API_KEY);
  });
});

describe('SIGTERM (SPEC 6)', () => {
  test('it takes no more requests, finishes those in flight, and exits with 0', async () => {
    const { app, url } = await startApi();
    const idle = request.agent(url).set('Connection', 'keep-alive');
    await idle.get('/healthz').expect(200);
    const { pending, letGo } = await holdRequest(url, '/in-flight');
    app.signal('SIGTERM');
    await app.untilLine('stopping');
    await waitUntil(() =>
      request(url)
        .get('/healthz')
        .then(
          () => false,
          () => true,
        ),
    );
    letGo();
    expect(await pending).toBe(200);
    expect(await app.untilExit()).toEqual({ code: 0, signal: null });
    expect(app.lines.slice(-2).map(({ event }) => event['message'])).toEqual(['stopping', 'stopped']);
    expect(app.lines.filter(({ event }) => event['level'] !== 'info')).toEqual([]);
  });

  test('what has not finished within SHUTDOWN_GRACE_MS is cut', async () => {
    const { app, url } = await startApi({ SHUTDOWN_GRACE_MS: '50' });
    const { pending } = await holdRequest(url, '/never');
    app.signal('SIGTERM');
    expect(await pending).toBe('cut');
    expect(await app.untilExit()).toEqual({ code: 0, signal: null });
  });
});
