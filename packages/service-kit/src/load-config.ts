import Joi from 'joi';
import { ConfigError } from './config-error.ts';

const secretName = /^DATABASE_(SESSION_)?URL$|KEY|SECRET|PASSWORD|TOKEN/;

/** joi's own wording of these repeats the value, which a problem either shows already or must not show. */
const withoutValue = {
  'string.pattern.base': 'does not match {{#regex}}',
  'string.pattern.name': 'is not a valid {{#name}}',
  'string.pattern.invert.base': 'must not match {{#regex}}',
  'string.pattern.invert.name': 'must not be a {{#name}}',
};

/**
 * Reads the named settings out of `env`: an empty string counts as unset, unnamed variables are ignored, values
 * are converted as their schema says. The result is frozen; hand it out in slices (SPEC 6).
 *
 * @param keys one schema per setting, the shared ones and the app's own: `{ ...databaseKeys, API_PORT: Joi.number() }`
 * @throws ConfigError naming every mistake at once. The values of secrets are left out.
 */
export function loadConfig<T>(
  keys: { readonly [name in keyof T]?: Joi.SchemaLike | Joi.SchemaLike[] },
  env: NodeJS.ProcessEnv,
): Readonly<T> {
  const named = Object.keys(keys).map((name) => [name, env[name] === '' ? undefined : env[name]]);
  const result = Joi.object<T>(keys).validate(Object.fromEntries(named), {
    abortEarly: false,
    errors: { label: false },
    messages: withoutValue,
  });
  if (result.error) {
    throw new ConfigError(result.error.details.map((detail) => describe(detail, env)));
  }
  return Object.freeze(result.value);
}

function describe({ path, message }: Joi.ValidationErrorItem, env: NodeJS.ProcessEnv): string {
  const name = path.join('.');
  const value = env[name];
  if (value === undefined || value === '') return `${name} ${message}`;
  if (!secretName.test(name)) return `${name} ${JSON.stringify(value)} ${message}`;
  // A key's own message or custom rule may quote what it was given.
  return message.includes(value.trim()) ? `${name} is not valid` : `${name} ${message}`;
}
