import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Names of machines nearby: RFC 6761, RFC 6762 with its appendix G, RFC 8375, and what ICANN reserved for inside use. */
const INSIDE = /\.(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/**
 * Whether a URL's host may be outside, as far as its text tells: what a name resolves to is judged on connecting. URL has
 * already turned every spelling of an IPv4 address (0x7f.1, 2130706433) into four decimal parts.
 */
export function isPublicHost(hostname: string): boolean {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(address) !== 0) return isPublicAddress(address);
  const name = hostname.replace(/\.+$/, '');
  // A name without a dot is looked up in the domain of this very machine: `metadata`, `kubernetes`.
  return name.includes('.') && !INSIDE.test(name);
}
