import { type LookupAddress, promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

/** For a nameserver that does not answer, in milliseconds; the second try takes longer. */
const PATIENCE = { timeout: 2_000, tries: 2 };

/** What c-ares says of a name that has no address; everything else may pass. */
const MISSING = new Set<unknown>(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/**
 * A lookup that asks the nameservers themselves, those of the machine by default. dns.lookup has four threads for the whole
 * process, so four functions whose nameservers never answer would hold up everyone else's; and it takes names from
 * /etc/hosts and the machine's own domain, which are inside. Answers all addresses, whatever its options say.
 */
export function askNameservers(servers?: readonly string[]): LookupFunction {
  return (hostname, _options, callback) => {
    // Made anew each time, as the machine's nameservers may change.
    const resolver = new dns.Resolver(PATIENCE);
    if (servers !== undefined) resolver.setServers(servers);
    resolveCalling(resolver, hostname, callback);
  };
}

const resolveCalling = callbackify(resolve);

async function resolve(resolver: dns.Resolver, hostname: string): Promise<LookupAddress[]> {
  const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [...addressesOf(ipv4, 4), ...addressesOf(ipv6, 6)];
  if (found.length > 0) return found;
  const isMissing = [ipv4, ipv6].every(
    (result) => result.status === 'fulfilled' || MISSING.has(codeOf(result)),
  );
  throw Object.assign(new Error(`no address of ${hostname}`), {
    code: isMissing ? 'ENOTFOUND' : 'EAI_AGAIN',
  });
}

function addressesOf(result: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
}

function codeOf(result: PromiseRejectedResult): unknown {
  const reason: unknown = result.reason;
  return typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : null;
}
