import { type LookupAddress, promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { callbackify } from 'node:util';

/** For a nameserver that does not answer, in milliseconds; the second try takes longer. */
const PATIENCE = { timeout: 2_000, tries: 2 };

/** For the answer of the other family. Longer than RFC 8305 has it, as what comes later is not dialled, in milliseconds. */
const GRACE_MS = 250;

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

/** What a query for the addresses of one family came to. */
interface Answer {
  addresses: LookupAddress[];
  /** Whether there is none for certain. */
  isMissing: boolean;
}

async function resolve(resolver: dns.Resolver, hostname: string): Promise<LookupAddress[]> {
  const ipv4 = answerOf(resolver.resolve4(hostname), 4);
  const both = Promise.all([ipv4, answerOf(resolver.resolve6(hostname), 6)]);
  const answers = await Promise.race([both, withoutTheOther(ipv4, both)]);
  // Nobody waits any more for what has not come.
  resolver.cancel();
  const found = answers.flatMap(({ addresses }) => addresses);
  if (found.length > 0) return found;
  const isMissing = answers.every((answer) => answer.isMissing);
  throw Object.assign(new Error(`no address of ${hostname}`), {
    code: isMissing ? 'ENOTFOUND' : 'EAI_AGAIN',
  });
}

/**
 * IPv4 alone, if it has addresses and the other query gets no answer: some nameservers drop those for IPv6 (RFC 8305, 3).
 * IPv6 alone has to wait, as there are machines that can't reach it.
 */
async function withoutTheOther(ipv4: Promise<Answer>, both: Promise<Answer[]>): Promise<Answer[]> {
  const answer = await ipv4;
  if (answer.addresses.length === 0) return both;
  await delay(GRACE_MS, undefined, { ref: false });
  return [answer];
}

async function answerOf(query: Promise<string[]>, family: 4 | 6): Promise<Answer> {
  try {
    const addresses = await query;
    return {
      addresses: addresses.map((address) => ({ address, family })),
      isMissing: addresses.length === 0,
    };
  } catch (error) {
    return { addresses: [], isMissing: MISSING.has(codeOf(error)) };
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
