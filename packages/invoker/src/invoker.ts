import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { publicLookup } from './address-guard.ts';
import { MAX_ANSWER_BYTES, readAnswer, unexpected } from './answer.ts';
import { discard, readAtMost } from './body.ts';
import { readTarget } from './check-url.ts';
import { type Interruption, startDeadline } from './deadline.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { isUnencoded, readFailedAnswer } from './failed-answer.ts';
import { limitInformational } from './informational.ts';
import { type Invocation, type InvocationResult, rejected } from './invocation.ts';
import { askNameservers } from './nameservers.ts';
import { networkFailure } from './network-failure.ts';
import { requestHeaders } from './request-headers.ts';

/** Longer than any host that is up takes, and soon enough to free the socket of an attempt that is over. */
const CONNECT_TIMEOUT_MS = 10_000;

/** What an invoker is made of. */
export interface InvokerOptions {
  /** Where functions may be. */
  egress: EgressPolicy;
  /** How many connections may be open to one origin, 256 by default. Further invocations wait for one. */
  connectionsPerOrigin?: number;
  /** How host names are resolved: on a private network as the system does it by default, else by the nameservers alone. */
  lookup?: LookupFunction;
}

/** Invokes functions over HTTP/1.1, with a keep-alive pool for each origin. */
export interface Invoker {
  /**
   * Makes one attempt (SPEC 4). Whatever the function or the network does is a result and no exception.
   * @param signal ends the attempt at once, with the result `aborted`
   * @throws TypeError if a secret is not `whsec_<base64>`
   */
  invoke(invocation: Invocation, signal: AbortSignal): Promise<InvocationResult>;
  /**
   * Waits for the invocations under way, which their deadlines and signals bound, then closes every connection.
   * An invocation that comes later is `aborted`. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Creates an invoker. Opens no connection before the first invocation. */
export function createInvoker(options: InvokerOptions): Invoker {
  const agent = createAgent(options);
  const underWay = new Set<Promise<InvocationResult>>();
  let closing: Promise<void> | null = null;

  async function closeWhenIdle(): Promise<void> {
    await Promise.allSettled(underWay);
    await agent.destroy();
  }

  return {
    async invoke(invocation, signal) {
      if (closing !== null || signal.aborted) return { kind: 'aborted' };
      const target = readTarget(invocation.url, options.egress);
      if (typeof target === 'string') return rejected(null, target);
      const attempt = makeAttempt(agent, target, invocation, signal);
      underWay.add(attempt);
      try {
        return await attempt;
      } finally {
        underWay.delete(attempt);
      }
    },
    close() {
      closing ??= closeWhenIdle();
      return closing;
    },
  };
}

function createAgent({ egress, connectionsPerOrigin = 256, lookup }: InvokerOptions): Agent {
  return new Agent({
    connections: connectionsPerOrigin,
    pipelining: 1,
    // One attempt per connection: on a shared HTTP/2 session one attempt's trouble would be everyone's.
    allowH2: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // The deadline of the invocation covers both; undici's would cut off long ones at five minutes.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      lookup: egress.network === 'public' ? publicLookup(lookup ?? askNameservers()) : (lookup ?? dns.lookup),
    },
  });
}

async function makeAttempt(
  agent: Agent,
  target: URL,
  invocation: Invocation,
  caller: AbortSignal,
): Promise<InvocationResult> {
  const { timeoutMs } = invocation;
  const deadline = startDeadline(timeoutMs, caller);
  try {
    return await exchange(agent, toRequest(target, invocation, deadline.signal), caller);
  } catch (error) {
    const interruption = deadline.interruption();
    return interruption === null
      ? networkFailure(error, target)
      : interruptionResult(interruption, timeoutMs);
  } finally {
    deadline.clear();
  }
}

type Request = Dispatcher.RequestOptions & { signal: AbortSignal };

function toRequest(target: URL, invocation: Invocation, signal: AbortSignal): Request {
  const body = JSON.stringify(invocation.body);
  return {
    origin: target.origin,
    path: target.pathname + target.search,
    method: 'POST',
    headers: requestHeaders(invocation, body, new Date()),
    body,
    signal,
    onInfo: limitInformational(),
  };
}

async function exchange(agent: Agent, request: Request, caller: AbortSignal): Promise<InvocationResult> {
  const response = await send(agent, request);
  const { statusCode, headers, body } = response;
  if (statusCode < 200 || statusCode > 299) return readFailedAnswer(response, caller);
  if (!isUnencoded(headers)) {
    discard(body);
    return unexpected(statusCode, `content encoding ${String(headers['content-encoding'])}`);
  }
  const { bytes, complete } = await readAtMost(body, MAX_ANSWER_BYTES);
  return complete
    ? readAnswer(statusCode, headers['content-type'], bytes)
    : unexpected(statusCode, 'more than 1 MiB');
}

function send(agent: Agent, request: Request): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) => {
    // undici notices its signal only once the request has a connection; a look-up or a connect would hold it up.
    request.signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
    agent.request(request).then(resolve, reject);
  });
}

function interruptionResult(cause: Interruption, timeoutMs: number): InvocationResult {
  return cause === 'aborted'
    ? { kind: 'aborted' }
    : { kind: 'timed_out', httpStatus: null, error: `no complete answer within ${timeoutMs / 1000} s` };
}
