import { ConfigError, loadConfig } from '@automation/service-kit';

import { type JwtConfig, jwtKeys } from './jwt-keys.ts';

const ISSUER = {
  JWT_JWKS_URL: 'https://issuer.example/jwks.json',
  JWT_ISSUER: 'https://issuer.example',
  JWT_AUDIENCE: 'automation',
};

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig<JwtConfig>(jwtKeys, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('the claims have the names that they mostly have', () => {
  expect(loadConfig<JwtConfig>(jwtKeys, ISSUER)).toEqual({
    ...ISSUER,
    JWT_ACCOUNT_CLAIM: 'account_id',
    JWT_SCOPE_CLAIM: 'scope',
  });
});

test.each<[NodeJS.ProcessEnv, string[]]>([
  [{}, []],
  [
    { JWT_JWKS_URL: ISSUER.JWT_JWKS_URL },
    ['JWT_ISSUER is required beside JWT_JWKS_URL', 'JWT_AUDIENCE is required beside JWT_JWKS_URL'],
  ],
  [{ ...ISSUER, JWT_AUDIENCE: '' }, ['JWT_AUDIENCE is required beside JWT_JWKS_URL']],
  [
    { ...ISSUER, JWT_JWKS_URL: '' },
    [
      `JWT_ISSUER "${ISSUER.JWT_ISSUER}" needs JWT_JWKS_URL beside it`,
      `JWT_AUDIENCE "${ISSUER.JWT_AUDIENCE}" needs JWT_JWKS_URL beside it`,
    ],
  ],
  [
    { ...ISSUER, JWT_JWKS_URL: 'ftp://issuer.example' },
    ['JWT_JWKS_URL "ftp://issuer.example" must be a URL like https://issuer.example/.well-known/jwks.json'],
  ],
])('the three go together: %j', (env, problems) => {
  expect(problemsOf(env)).toEqual(problems);
});
