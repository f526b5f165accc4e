import { isIP } from 'node:net';
import { AddressRefusedError } from './address-guard.ts';
import { isPublicAddress } from './public-address.ts';

/** `public`: private and local addresses are refused; `private`: every address is allowed (SPEC 6, FUNCTION_NETWORK). */
export type Network = 'public' | 'private';

/** Every name under localhost is the machine itself, whatever DNS says (RFC 6761, 6.3). */
const LOCALHOST = /(?:^|\.)localhost\.?$/;

/**
 * Whether a function may have this URL. Does no I/O: what a host name resolves to is checked on connecting.
 * @returns null if it is acceptable, else the reason in one sentence
 */
export function checkUrl(url: string, network: Network): string | null {
  const target = readTarget(url, network);
  return typeof target === 'string' ? target : null;
}

/** The parsed URL, or the reason why it is not acceptable. */
export function readTarget(url: string, network: Network): URL | string {
  const parsed = URL.parse(url);
  if (parsed === null) return 'url must be an absolute URL';
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return 'url must use http or https';
  if (parsed.username !== '' || parsed.password !== '') return 'url must not contain a user name or password';
  // A connection to port 0 cannot be made; some systems take it for "any port".
  if (parsed.port === '0') return 'url must not have port 0';
  if (network === 'public' && isInside(parsed.hostname)) {
    return new AddressRefusedError(parsed.hostname).message;
  }
  return parsed;
}

/** URL has already turned every spelling of an IPv4 address (0x7f.1, 2130706433) into four decimal parts. */
function isInside(hostname: string): boolean {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return LOCALHOST.test(hostname) || (isIP(address) !== 0 && !isPublicAddress(address));
}
