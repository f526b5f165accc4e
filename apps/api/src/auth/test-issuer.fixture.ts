import { startFunctionServer } from '@automation/testing';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

/** An issuer of tokens: its keys by HTTP, and tokens that they sign. */
export interface TestIssuer {
  /** The settings of an api that takes its tokens. */
  settings: { JWT_JWKS_URL: string; JWT_ISSUER: string; JWT_AUDIENCE: string };
  /** A token that is valid for five minutes but for what the claims say otherwise; undefined leaves one out. */
  sign(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** From now on another key signs; the old one is withdrawn. */
  rotate(): Promise<void>;
  /** Whether its keys can be fetched. */
  setReachable(isReachable: boolean): void;
  /** How often they were fetched. */
  fetches(): number;
  close(): Promise<void>;
}

const PATH = '/jwks.json';

export async function startTestIssuer(algorithm = 'ES256'): Promise<TestIssuer> {
  const server = await startFunctionServer();
  const settings = {
    JWT_JWKS_URL: server.url(PATH),
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'automation',
  };
  let key = await newKey(algorithm, 1);
  let isReachable = true;
  server.script(PATH, () => (isReachable ? { body: { keys: [key.jwk] } } : { status: 503 }));
  return {
    settings,
    sign: (claims = {}, header = {}) => {
      const given = {
        iss: settings.JWT_ISSUER,
        aud: settings.JWT_AUDIENCE,
        sub: 'user-1',
        exp: inSeconds(300),
      };
      return new SignJWT({ ...given, ...claims })
        .setProtectedHeader({ alg: algorithm, kid: key.jwk.kid, ...header })
        .sign(key.privateKey);
    },
    rotate: async () => {
      key = await newKey(algorithm, Number(key.jwk.kid) + 1);
    },
    setReachable: (reachable) => {
      isReachable = reachable;
    },
    fetches: () => server.calls(PATH).length,
    close: () => server.close(),
  };
}

/** What `exp` and `nbf` say of an instant so many seconds from now. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

async function newKey(algorithm: string, serial: number) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: String(serial), alg: algorithm } };
}
