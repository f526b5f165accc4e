import type { Invocation } from './invocation.ts';
import { signatureHeaders } from './signature.ts';

/**
 * What a function's own headers cannot set: what describes the body and names the host, `accept-encoding` (bodies
 * are not decoded), and what governs the connection, which undici owns (RFC 9110, 7.6.1 and RFC 9112, 6.1).
 */
const RESERVED = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of one attempt as undici takes them fastest, a flat list of names and values: the invocation's own,
 * then content type and signature (SPEC 4).
 * @param payload the body, exactly as it is sent
 * @throws TypeError if a secret is not `whsec_<base64>`
 */
export function requestHeaders(invocation: Invocation, payload: string, now: Date): string[] {
  const signature = signatureHeaders(invocation.secrets, invocation.messageId, now, payload);
  const headers = ['content-type', 'application/json', ...Object.entries(signature).flat()];
  for (const [name, value] of Object.entries(invocation.headers)) {
    if (!isReserved(name.toLowerCase())) headers.push(name, value);
  }
  return headers;
}

function isReserved(name: string): boolean {
  return RESERVED.has(name) || name.startsWith('webhook-');
}
