import {
  type AppName,
  createProcessHarness,
  createTestDatabase,
  type TestDatabase,
} from '@automation/testing';

const apps = createProcessHarness();

afterEach(() => apps.killAll());

/** Starts an app that can't run, and answers how it ended. */
async function outcome(name: AppName, env: NodeJS.ProcessEnv) {
  const app = apps.start(name, env);
  const { code } = await app.untilExit();
  return { code, stdout: app.text('stdout'), stderr: app.text('stderr').trimEnd().split('\n').toSorted() };
}

const WRONG_FOR_ALL = {
  DATABASE_URL: 'mysql://127.0.0.1/x',
  DATABASE_POOL_SIZE: '0',
  QUEUE_BACKEND: 'cockroachdb',
  METRICS_PORT: '99999',
  LOG_LEVEL: 'loud',
  LOG_FORMAT: 'xml',
  SHUTDOWN_GRACE_MS: '-1',
};

const SAID_BY_ALL = [
  'DATABASE_POOL_SIZE "0" must be greater than or equal to 1',
  'DATABASE_URL must be a URI like postgres://user:password@host:5432/database',
  'LOG_FORMAT "xml" must be one of [json, pretty]',
  'LOG_LEVEL "loud" must be one of [error, warn, info, debug]',
  'METRICS_PORT "99999" must be a valid port',
  'QUEUE_BACKEND "cockroachdb" must be postgres or citus: our own SQL needs notifications, advisory locks and partitions, which CockroachDB lacks and YugabyteDB has in part',
  'SHUTDOWN_GRACE_MS "-1" must be greater than or equal to 0',
];

const wrong: [AppName, NodeJS.ProcessEnv, string[]][] = [
  [
    'api',
    { API_PORT: 'http', FUNCTION_NETWORK: 'lan', BOOTSTRAP_API_KEY: 'short' },
    [
      'API_PORT "http" must be a number',
      'BOOTSTRAP_ACCOUNT_ID is required beside BOOTSTRAP_API_KEY',
      'BOOTSTRAP_API_KEY length must be at least 32 characters long',
      'FUNCTION_NETWORK "lan" must be one of [public, private]',
    ],
  ],
  [
    'scheduler',
    { POLL_INTERVAL_MS: '1', CLAIM_TIMEOUT_MS: 'x', CLAIM_BATCH_SIZE: '1.5' },
    [
      'CLAIM_BATCH_SIZE "1.5" must be an integer',
      'CLAIM_TIMEOUT_MS "x" must be a number',
      'POLL_INTERVAL_MS "1" must be greater than or equal to 10',
    ],
  ],
  [
    'worker',
    { WORKER_CONCURRENCY: '0', FUNCTION_NETWORK: 'lan' },
    [
      'FUNCTION_NETWORK "lan" must be one of [public, private]',
      'WORKER_CONCURRENCY "0" must be greater than or equal to 1',
    ],
  ],
];

test.each(wrong)(
  'the %s names every mistake in its settings at once and exits with 78 (SPEC 6)',
  async (name, env, said) => {
    expect(await outcome(name, { ...WRONG_FOR_ALL, ...env })).toEqual({
      code: 78,
      stdout: '',
      stderr: [...SAID_BY_ALL, ...said].toSorted(),
    });
  },
);

describe('on a database that was not migrated', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  // It fails if a connection was left open.
  afterAll(() => database.drop());

  test.each(['api', 'scheduler', 'worker'] as const)(
    'the %s says in one sentence that the migrations have to be run, and exits with 1',
    async (name) => {
      const env = { DATABASE_URL: database.url, METRICS_PORT: '0', API_PORT: '0' };
      expect(await outcome(name, env)).toMatchObject({
        code: 1,
        stderr: [expect.stringMatching(new RegExp(`^${name} could not start: .*migrat`))],
      });
    },
  );
});
