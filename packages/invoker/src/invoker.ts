import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { publicLookup } from './address-guard.ts';
import { contentEncoding, isSuccess } from './answer-head.ts';
import { readAnswer, unexpected } from './answer.ts';
import { readTarget } from './check-url.ts';
import { type Interruption, startDeadline } from './deadline.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { Exchange, type ReceivedAnswer } from './exchange.ts';
import { readFailedAnswer } from './failed-answer.ts';
import { type Invocation, type InvocationResult, type Invoked, notMade, rejected } from './invocation.ts';
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
  invoke(invocation: Invocation, signal: AbortSignal): Promise<Invoked>;
  /**
   * Waits for the invocations under way, which their deadlines and signals bound, then closes every connection.
   * An invocation that comes later is `aborted`. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Creates an invoker. Opens no connection before the first invocation. */
export function createInvoker(options: InvokerOptions): Invoker {
  const agent = createAgent(options);
  const underWay = new Set<Promise<Invoked>>();
  let closing: Promise<void> | null = null;

  async function closeWhenIdle(): Promise<void> {
    await Promise.allSettled(underWay);
    await agent.destroy();
  }

  return {
    async invoke(invocation, signal) {
      if (closing !== null || signal.aborted) return notMade({ kind: 'aborted' });
      const target = readTarget(invocation.url, options.egress);
      if (typeof target === 'string') return notMade(rejected(null, target));
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
): Promise<Invoked> {
  const { timeoutMs } = invocation;
  const body = JSON.stringify(invocation.body);
  const request = toRequest(target, invocation, body);
  const exchange = new Exchange();
  const deadline = startDeadline(timeoutMs, caller, () => exchange.interrupt());
  try {
    agent.dispatch(request, exchange);
    const answer = await exchange.answer;
    // The status may say enough, but not to a caller who wants no result any more.
    if (answer.end instanceof Error && deadline.interruption() === 'aborted') throw answer.end;
    return {
      result: readResult(answer),
      times: exchange.times,
      bytes: body.length + answer.bytes.length,
    };
  } catch (error) {
    const interruption = deadline.interruption();
    const result =
      interruption === null ? networkFailure(error, target) : interruptionResult(interruption, timeoutMs);
    return { result, times: exchange.times, bytes: body.length };
  } finally {
    deadline.clear();
  }
}

function toRequest(target: URL, invocation: Invocation, body: string): Dispatcher.DispatchOptions {
  return {
    origin: target.origin,
    path: target.pathname + target.search,
    method: 'POST',
    headers: requestHeaders(invocation, body, new Date()),
    body,
  };
}

/** @throws what the answer broke off by, unless its status says enough */
function readResult(answer: ReceivedAnswer): InvocationResult {
  if (!isSuccess(answer)) return readFailedAnswer(answer);
  const { httpStatus, headers, bytes, end } = answer;
  const encoding = contentEncoding(answer);
  if (encoding !== null) return unexpected(httpStatus, `content encoding ${encoding}`);
  if (end instanceof Error) throw end;
  return end === 'complete'
    ? readAnswer(httpStatus, headers['content-type'], bytes)
    : unexpected(httpStatus, 'more than 1 MiB');
}

function interruptionResult(cause: Interruption, timeoutMs: number): InvocationResult {
  return cause === 'aborted'
    ? { kind: 'aborted' }
    : { kind: 'timed_out', httpStatus: null, error: `no complete answer within ${timeoutMs / 1000} s` };
}
