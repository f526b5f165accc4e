import type { Account, ApiKey } from '@automation/domain';
import { SCOPES } from '@automation/domain';
import Joi from 'joi';

import { instant, instantOrNull, instantSchema } from '../http/instant.ts';

/** An account as it is answered (SPEC 5). */
export function accountJson({ id, name, createdAt }: Account) {
  return { id, name, created_at: instant(createdAt) };
}

export const accountSchema = Joi.object({
  id: Joi.string().required(),
  name: Joi.string().required(),
  created_at: instantSchema('When the account was made.'),
}).id('Account');

/** An API key as it is answered: its text is shown once, beside this, when it is made. */
export function apiKeyJson(key: ApiKey) {
  return {
    id: key.id,
    account_id: key.accountId,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    expires_at: instantOrNull(key.expiresAt),
    revoked_at: instantOrNull(key.revokedAt),
    last_used_at: instantOrNull(key.lastUsedAt),
    created_at: instant(key.createdAt),
  };
}

const keyFields = {
  id: Joi.string().uuid().required(),
  account_id: Joi.string().required(),
  name: Joi.string().required(),
  prefix: Joi.string().required().description("The key's first characters."),
  scopes: Joi.array()
    .items(Joi.string().valid(...SCOPES))
    .required(),
  expires_at: instantSchema('When the key ends by itself.').allow(null),
  revoked_at: instantSchema('When the key was revoked.').allow(null),
  last_used_at: instantSchema('To the minute.').allow(null),
  created_at: instantSchema('When the key was made.'),
};

export const apiKeySchema = Joi.object(keyFields).id('ApiKey');

export const apiKeyWithTextSchema = Joi.object({
  ...keyFields,
  key: Joi.string().required().description('The key itself; shown this once.'),
}).id('ApiKeyWithText');
