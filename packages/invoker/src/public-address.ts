import ipaddr from 'ipaddr.js';

/** The only space from which IANA assigns IPv6 global unicast addresses (RFC 4291, 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Where NAT64 gateways put IPv4 addresses (RFC 6052, 2.1); the range() of ipaddr.js has other prefixes in it too. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** `::8.8.8.8`, which ipaddr.js takes for IPv4-mapped; it is an address that nobody has any more (RFC 4291, 2.5.5.1). */
const IPV4_COMPATIBLE = /^::\d+\./;
/** Public by its number and inside by its purpose: where Azure answers its virtual machines, credentials included. */
const AZURE_PLATFORM = '168.63.129.16';

/**
 * Whether an IP address is public unicast, by the ranges of ipaddr.js. An IPv4 address inside an IPv6 one
 * (IPv4-mapped, NAT64) is judged by the IPv4 address; what is no IP address at all is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || IPV4_COMPATIBLE.test(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast' && parsed.toString() !== AZURE_PLATFORM;
  if (parsed.match(NAT64)) return isPublicAddress(parsed.toByteArray().slice(-4).join('.'));
  // range() calls everything unicast that it knows nothing of, such as ::127.0.0.1 and unassigned space.
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}
