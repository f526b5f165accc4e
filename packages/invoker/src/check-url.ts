import { AddressRefusedError } from './address-guard.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { portOf } from './port-of.ts';
import { isPublicHost } from './public-host.ts';

/**
 * Whether a function may have this URL. Does no I/O: what a host name resolves to is checked on connecting.
 * @returns null if it is acceptable, else the reason in one sentence
 */
export function checkUrl(url: string, policy: EgressPolicy): string | null {
  const target = readTarget(url, policy);
  return typeof target === 'string' ? target : null;
}

/** The parsed URL, or the reason why it is not acceptable. */
export function readTarget(url: string, policy: EgressPolicy): URL | string {
  const parsed = URL.parse(url);
  if (parsed === null) return 'url must be an absolute URL';
  return faultOf(parsed) ?? (policy.network === 'public' ? publicFaultOf(parsed, policy) : null) ?? parsed;
}

function faultOf({ protocol, username, password, port }: URL): string | null {
  if (protocol !== 'http:' && protocol !== 'https:') return 'url must use http or https';
  if (username !== '' || password !== '') return 'url must not contain a user name or password';
  // A connection to port 0 cannot be made; some systems take it for "any port".
  return port === '0' ? 'url must not have port 0' : null;
}

function publicFaultOf(url: URL, { ports, http }: EgressPolicy & { network: 'public' }): string | null {
  if (!isPublicHost(url.hostname)) return new AddressRefusedError(url.hostname).message;
  if (url.protocol === 'http:' && http === 'refused') return 'url must use https';
  const port = portOf(url);
  return ports.includes(port) ? null : `url must use one of the ports ${ports.join(', ')}; got ${port}`;
}
