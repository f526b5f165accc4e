import Joi from 'joi';

/** Whose JSON Web Tokens are taken, beside API keys (SPEC 5). */
export interface JwtConfig {
  /** Where the issuer's public keys are; no tokens are taken without it. */
  readonly JWT_JWKS_URL?: string;
  readonly JWT_ISSUER?: string;
  readonly JWT_AUDIENCE?: string;
  /** Claims that say whose the token is, and what it may do. */
  readonly JWT_ACCOUNT_CLAIM: string;
  readonly JWT_SCOPE_CLAIM: string;
}

/** Settings of tokens. The first three go together: without one of them any issuer's token would do, or nobody's. */
export const jwtKeys: Joi.PartialSchemaMap<JwtConfig> = {
  JWT_JWKS_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .messages({
      'string.uriCustomScheme': 'must be a URL like https://issuer.example/.well-known/jwks.json',
    }),
  JWT_ISSUER: besideJwksUrl(),
  JWT_AUDIENCE: besideJwksUrl(),
  JWT_ACCOUNT_CLAIM: Joi.string().default('account_id'),
  JWT_SCOPE_CLAIM: Joi.string().default('scope'),
};

function besideJwksUrl(): Joi.StringSchema {
  return Joi.string().when('JWT_JWKS_URL', {
    is: Joi.exist(),
    // eslint-disable-next-line unicorn/no-thenable -- the name is joi's
    then: Joi.required().messages({ 'any.required': 'is required beside JWT_JWKS_URL' }),
    otherwise: Joi.forbidden().messages({ 'any.unknown': 'needs JWT_JWKS_URL beside it' }),
  });
}
