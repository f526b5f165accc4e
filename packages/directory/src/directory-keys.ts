import Joi from 'joi';

/** Where accounts are kept, if not in our own database (SPEC 5). */
export interface AccountsServiceConfig {
  readonly ACCOUNTS_URL?: string;
  /** Sent to it as Bearer. */
  readonly ACCOUNTS_TOKEN?: string;
}

/** Where functions are kept, if not in our own database (SPEC 5). */
export interface FunctionsServiceConfig {
  readonly FUNCTIONS_URL?: string;
  /** Sent to it as Bearer. */
  readonly FUNCTIONS_TOKEN?: string;
}

/** What an HTTP field value may consist of, without spaces. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const PLAIN_URL = /^[^?#@]+$/;

/** Settings of a process that asks for accounts. */
export const accountsServiceKeys: Joi.PartialSchemaMap<AccountsServiceConfig> = {
  ACCOUNTS_URL: serviceUrl('http://accounts:8080'),
  ACCOUNTS_TOKEN: serviceToken('ACCOUNTS_URL'),
};

/** Settings of a process that asks for functions. */
export const functionsServiceKeys: Joi.PartialSchemaMap<FunctionsServiceConfig> = {
  FUNCTIONS_URL: serviceUrl('http://functions:8080'),
  FUNCTIONS_TOKEN: serviceToken('FUNCTIONS_URL'),
};

function serviceUrl(example: string): Joi.StringSchema {
  const message = `must be a URL like ${example}, without user, query and fragment`;
  return Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .pattern(PLAIN_URL)
    .messages({ 'string.uri': message, 'string.uriCustomScheme': message, 'string.pattern.base': message });
}

function serviceToken(besides: string): Joi.StringSchema {
  return Joi.string()
    .pattern(VISIBLE_ASCII)
    .messages({ 'string.pattern.base': 'must be ASCII without spaces' })
    .when(besides, {
      is: Joi.exist(),
      otherwise: Joi.forbidden().messages({ 'any.unknown': `needs ${besides} beside it` }),
    });
}
