import { type Scope, SCOPES } from '@automation/domain';
import type { Clock, Logger } from '@automation/service-kit';
import { errors, type JWTPayload, jwtVerify } from 'jose';

import type { Identity } from './identity.ts';
import { IssuerKeys } from './issuer-keys.ts';
import type { JwtConfig } from './jwt-keys.ts';

/** Whose tokens are taken, and which of their claims count. */
export interface TokenRules {
  jwksUrl: string;
  issuer: string;
  audience: string;
  accountClaim: string;
  scopeClaim: string;
}

/** With a shared secret whoever verifies tokens could make them, and `none` is anybody's. */
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 5;

/** The three parts of a signed token, whose header is a JSON object. No API key that we make looks like it. */
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
/** Goes into headers of requests to functions and services, and into logs. */
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/;

/** Verifies the JSON Web Tokens of one issuer (SPEC 5). */
export class TokenVerifier {
  readonly #rules: TokenRules;
  readonly #keys: IssuerKeys;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(rules: TokenRules, { clock, logger }: { clock: Clock; logger: Logger }) {
    this.#rules = rules;
    this.#keys = new IssuerKeys(rules.jwksUrl, logger);
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Who shows a token, if it is valid now and says all that it has to. Throws UNAVAILABLE if that can't be told. */
  async verify(token: string): Promise<Identity | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.find, {
        algorithms: ASYMMETRIC,
        issuer: this.#rules.issuer,
        audience: this.#rules.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: this.#clock.now(),
      });
      return this.#identityOf(payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      this.#logger.debug('token refused', { reason: error.code });
      return undefined;
    }
  }

  #identityOf(claims: JWTPayload): Identity | undefined {
    const { accountClaim, scopeClaim } = this.#rules;
    const { sub: subject, [accountClaim]: accountId, [scopeClaim]: scopes } = claims;
    if (isIdentifier(subject) && isIdentifier(accountId)) {
      return { accountId, actor: { kind: 'jwt', id: subject }, scopes: scopesIn(scopes) };
    }
    this.#logger.debug('token refused', { reason: `sub and ${accountClaim} are to be identifiers` });
    return undefined;
  }
}

/** Whether a text is written like a token. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

function isIdentifier(claim: unknown): claim is string {
  return typeof claim === 'string' && IDENTIFIER.test(claim);
}

/** Those that we know, of a text with spaces (RFC 8693, 4.2) or an array. */
function scopesIn(claim: unknown): Scope[] {
  const words: unknown = typeof claim === 'string' ? claim.split(' ') : claim;
  return Array.isArray(words) ? SCOPES.filter((scope) => words.includes(scope)) : [];
}

/** The verifier of JWT_ISSUER's tokens; null if it is not set. */
export function openTokenVerifier(
  config: JwtConfig,
  context: { clock: Clock; logger: Logger },
): TokenVerifier | null {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) return null;
  const { JWT_ACCOUNT_CLAIM: accountClaim, JWT_SCOPE_CLAIM: scopeClaim } = config;
  return new TokenVerifier({ jwksUrl, issuer, audience, accountClaim, scopeClaim }, context);
}
