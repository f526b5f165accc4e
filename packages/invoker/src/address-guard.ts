import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** A connection that FUNCTION_NETWORK=public forbids (SPEC 6). The message tells nothing about the inside. */
export class AddressRefusedError extends Error {
  override name = 'AddressRefusedError';
  readonly code = 'ADDRESS_REFUSED';

  constructor(host: string) {
    super(`address of ${host} is not public`);
  }
}

/**
 * Wraps a DNS lookup so that it fails with AddressRefusedError unless every address found is public.
 * It stands in the connector, so the addresses judged are the very ones dialled and an answer of DNS that
 * changes in between (rebinding) gains nothing. A literal IP address is never looked up: see checkUrl.
 */
export function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error) {
        callback(error, []);
        return;
      }
      const candidates =
        typeof found === 'string' ? [{ address: found, family: family ?? isIP(found) }] : found;
      const first = candidates[0];
      if (first === undefined || !candidates.every(({ address }) => isPublicAddress(address))) {
        callback(new AddressRefusedError(hostname), []);
      } else if (options.all === true) {
        callback(null, candidates);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
