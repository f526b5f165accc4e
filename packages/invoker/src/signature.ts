import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64 bytes; 32 are as many as SHA-256 makes use of. */
const SECRET_BYTES = 32;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The three headers that a library of Standard Webhooks verifies. */
export type SignatureHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** A new random secret of a function: `whsec_` and the base64 of 32 random bytes (Standard Webhooks). */
export function generateSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * Signs one message: HMAC-SHA256 of `<id>.<unix seconds>.<payload>` (Standard Webhooks, SPEC 4).
 * @param secrets one or more; a receiver that knows any one of them finds its signature
 * @param timestamp when the attempt is made; receivers refuse one that is more than five minutes off
 * @param payload the body, exactly as it is sent
 * @throws TypeError if there is no secret, or one that is not `whsec_<base64>`; the message does not repeat it
 */
export function signatureHeaders(
  secrets: readonly string[],
  messageId: string,
  timestamp: Date,
  payload: string,
): SignatureHeaders {
  const seconds = Math.floor(timestamp.getTime() / 1000).toString();
  const content = `${messageId}.${seconds}.${payload}`;
  const signatures = secrets.map((secret) => `v1,${digest(secret, content)}`).join(' ');
  if (signatures === '') throw new TypeError('a message needs a signing secret');
  return { 'webhook-id': messageId, 'webhook-timestamp': seconds, 'webhook-signature': signatures };
}

/** By node:crypto and not the standardwebhooks library: the library hashes in JavaScript, many times slower. */
function digest(secret: string, content: string): string {
  return createHmac('sha256', signingKey(secret)).update(content).digest('base64');
}

function signingKey(secret: string): Buffer {
  const encoded = secret.slice(PREFIX.length);
  // Buffer.from skips what is no base64, which would sign with a key that the receiver does not have.
  if (!secret.startsWith(PREFIX) || encoded === '' || !BASE64.test(encoded)) {
    throw new TypeError('a signing secret must be whsec_ followed by base64');
  }
  return Buffer.from(encoded, 'base64');
}
