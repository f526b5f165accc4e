import Joi from 'joi';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

function problemsOf(keys: Joi.PartialSchemaMap<object>, env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(keys, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  const keys = { API_PORT: Joi.number().port().required(), DEMO: Joi.boolean().default(false) };

  test('converts the named settings and fills in defaults', () => {
    expect(loadConfig(keys, { API_PORT: '80' })).toEqual({ API_PORT: 80, DEMO: false });
  });

  test('ignores variables that are not named', () => {
    expect(loadConfig(keys, { API_PORT: '80', HOME: '/root' })).not.toHaveProperty('HOME');
  });

  test('counts an empty string as unset', () => {
    expect(loadConfig(keys, { API_PORT: '80', DEMO: '' })).toEqual({ API_PORT: 80, DEMO: false });
    expect(problemsOf(keys, { API_PORT: '' })).toEqual(['API_PORT is required']);
  });

  test('returns a frozen object', () => {
    expect(Object.isFrozen(loadConfig(keys, { API_PORT: '80' }))).toBe(true);
  });

  test('reports every mistake at once, by name and with the value', () => {
    expect(
      problemsOf({ ...keys, NAME: Joi.string().required() }, { API_PORT: '80a', DEMO: 'maybe' }),
    ).toEqual(['API_PORT "80a" must be a number', 'DEMO "maybe" must be a boolean', 'NAME is required']);
  });

  test('says the value of a setting that misses its pattern once', () => {
    expect(problemsOf({ COLOUR: Joi.string().pattern(/^red$/) }, { COLOUR: 'blue' })).toEqual([
      'COLOUR "blue" does not match /^red$/',
    ]);
  });

  test.each([
    'DATABASE_URL',
    'BOOTSTRAP_API_KEY',
    'KEY_FILE',
    'CLIENT_SECRET',
    'ADMIN_PASSWORD',
    'SVC_TOKEN',
  ])('never prints the value of %s', (name) => {
    const env = { [name]: 'hunter2' };
    expect(problemsOf({ [name]: Joi.string().min(32) }, env)).toEqual([
      `${name} length must be at least 32 characters long`,
    ]);
    expect(problemsOf({ [name]: Joi.string().pattern(/^x+$/) }, env)).toEqual([
      `${name} does not match /^x+$/`,
    ]);
  });

  test('never prints the value of a secret that its own message quotes', () => {
    const quoting = Joi.string().uppercase().messages({ 'string.uppercase': '{{#value}} is no good' });
    const env = { API_KEY: ' hunter2 ' };
    expect(problemsOf({ API_KEY: quoting.prefs({ convert: false }) }, env)).toEqual(['API_KEY is not valid']);
  });

  test('has every problem in the message of its error', () => {
    expect(() => loadConfig(keys, {})).toThrow('invalid configuration: API_PORT is required');
  });
});
