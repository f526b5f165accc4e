export { CircuitBreakers, type CircuitBreakersOptions } from './circuit-breakers.ts';
export { checkUrl } from './check-url.ts';
export type { BreakerState, Permit } from './circuit-breaker.ts';
export type { EgressPolicy } from './egress-policy.ts';
export { readEnvelope } from './envelope.ts';
export { type Invocation, type InvocationResult, type Invoked, notMade } from './invocation.ts';
export { createInvoker, type Invoker, type InvokerOptions } from './invoker.ts';
export { generateSecret, type SignatureHeaders, signatureHeaders } from './signature.ts';
