import { resolve } from 'node:path';

import { ConfigError } from '@automation/service-kit';

import { loadLocalConfig } from './config.ts';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadLocalConfig(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)];
  }
}

test('nothing has to be set', () => {
  expect(loadLocalConfig({})).toMatchObject({
    DATA_DIR: resolve('.data'),
    DEMO: true,
    api: { API_HOST: '127.0.0.1', API_PORT: 8080, METRICS_PORT: 9090, BOOTSTRAP_ACCOUNT_ID: 'demo' },
    scheduler: { METRICS_PORT: 9091 },
    worker: { METRICS_PORT: 9092, FUNCTION_NETWORK: 'private' },
  });
});

test('an empty setting counts as not set', () => {
  expect(loadLocalConfig({ API_HOST: '', METRICS_PORT: '', DATABASE_URL: '' })).toEqual(loadLocalConfig({}));
});

test.each([
  ['9500', [9500, 9501, 9502]],
  ['0', [0, 0, 0]],
])('METRICS_PORT %s gives each app a port of its own', (METRICS_PORT, expected) => {
  const { api, scheduler, worker } = loadLocalConfig({ METRICS_PORT });
  expect([api, scheduler, worker].map((app) => app.METRICS_PORT)).toEqual(expected);
});

test('a public network is accepted without the demo', () => {
  expect(problemsOf({ FUNCTION_NETWORK: 'public' })).toEqual([
    'FUNCTION_NETWORK "public" refuses the demo function, which runs on this machine: set DEMO=false beside it',
  ]);
  expect(loadLocalConfig({ FUNCTION_NETWORK: 'public', DEMO: 'false' })).toMatchObject({
    api: { FUNCTION_NETWORK: 'public' },
    worker: { FUNCTION_NETWORK: 'public' },
  });
});

test('a setting that several apps read is complained about once', () => {
  expect(problemsOf({ LOG_LEVEL: 'loud', SHUTDOWN_GRACE_MS: 'x' })).toEqual([
    'LOG_LEVEL "loud" must be one of [error, warn, info, debug]',
    'SHUTDOWN_GRACE_MS "x" must be a number',
  ]);
});
