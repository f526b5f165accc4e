import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type Answer, type FunctionServer, startFunction } from './function-server.fixture.ts';
import type { Invocation, InvocationResult, Invoked } from './invocation.ts';
import { createInvoker, type Invoker, type InvokerOptions } from './invoker.ts';
import { generateSecret } from './signature.ts';

/** An invoker beside one function, and the shortest way to call it. */
export interface Setup {
  invoker: Invoker;
  server: FunctionServer;
  invoke(changes?: Partial<Invocation>, signal?: AbortSignal): Promise<InvocationResult>;
  /** The same with its times. */
  invokeTimed(changes?: Partial<Invocation>, signal?: AbortSignal): Promise<Invoked>;
}

const started: Setup[] = [];

afterEach(async () => {
  await Promise.all(
    started.splice(0).map(async ({ invoker, server }) => {
      await invoker.close();
      await server.stop();
    }),
  );
});

/** Starts a function and creates an invoker; both end with the test. */
export async function setup(answer: Answer, options: Partial<InvokerOptions> = {}): Promise<Setup> {
  return besides(await startFunction(answer), options);
}

/** The same on a public network, whose policy forbids nothing but what is inside. */
export async function setupPublic(answer: Answer, lookup: LookupFunction): Promise<Setup> {
  const server = await startFunction(answer);
  return besides(server, { lookup, egress: { network: 'public', ports: [server.port], http: 'allowed' } });
}

function besides(server: FunctionServer, options: Partial<InvokerOptions>): Setup {
  const invoker = createInvoker({ egress: { network: 'private' }, ...options });
  const invokeTimed: Setup['invokeTimed'] = (changes = {}, signal = new AbortController().signal) =>
    invoker.invoke({ ...invocationOf(server.url), ...changes }, signal);
  const created: Setup = {
    invoker,
    server,
    invoke: async (...invocation) => (await invokeTimed(...invocation)).result,
    invokeTimed,
  };
  started.push(created);
  return created;
}

/** What an attempt came to, without its times. */
export async function resultOf(
  invoker: Invoker,
  invocation: Invocation,
  signal: AbortSignal = new AbortController().signal,
): Promise<InvocationResult> {
  return (await invoker.invoke(invocation, signal)).result;
}

/** An invocation in which nothing is special. */
export function invocationOf(url: string): Invocation {
  return {
    url,
    body: { automation_job: 'job-1', phase: 'check' },
    headers: {},
    secrets: [generateSecret()],
    messageId: 'execution-1:check',
    timeoutMs: 10_000,
  };
}

/** A DNS in which every name has these addresses. */
export function resolvingTo(...addresses: string[]): LookupFunction {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }));
  return (_hostname, _options, callback) => queueMicrotask(() => callback(null, found));
}

/** A DNS that fails with this code, as dns.lookup does. */
export function failingWith(code: string): LookupFunction {
  const error: NodeJS.ErrnoException = Object.assign(new Error(`getaddrinfo ${code}`), { code });
  return (_hostname, _options, callback) => queueMicrotask(() => callback(error, []));
}
