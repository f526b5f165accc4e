import type { Request } from 'express';

/** IPv4 as a socket of IPv6 writes it. */
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/** The address that a request came from; null if the client has gone by now. */
export function clientAddressOf({ ip }: Request): string | null {
  return ip?.replace(MAPPED_IPV4, '') ?? null;
}
