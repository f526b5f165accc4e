import { ConfigError, loadConfig } from '@automation/service-kit';

import { type FunctionsServiceConfig, functionsServiceKeys } from './directory-keys.ts';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig<FunctionsServiceConfig>(functionsServiceKeys, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const URL = 'https://functions.example/v1';

test.each<[NodeJS.ProcessEnv]>([
  [{}],
  [{ FUNCTIONS_URL: URL }],
  [{ FUNCTIONS_URL: URL, FUNCTIONS_TOKEN: 't' }],
])('%j is a configuration', (env) => {
  expect(problemsOf(env)).toEqual([]);
});

test.each<[NodeJS.ProcessEnv, string]>([
  [{ FUNCTIONS_TOKEN: 'hidden' }, 'FUNCTIONS_TOKEN needs FUNCTIONS_URL beside it'],
  [{ FUNCTIONS_URL: URL, FUNCTIONS_TOKEN: 'hid den' }, 'FUNCTIONS_TOKEN must be ASCII without spaces'],
  ...['functions', 'ftp://functions', 'http://functions?x=1', 'http://user:pw@functions'].map(
    (url): [NodeJS.ProcessEnv, string] => [
      { FUNCTIONS_URL: url },
      `FUNCTIONS_URL "${url}" must be a URL like http://functions:8080, without user, query and fragment`,
    ],
  ),
])('%j is a mistake', (env, problem) => {
  expect(problemsOf(env)).toEqual([problem]);
});
