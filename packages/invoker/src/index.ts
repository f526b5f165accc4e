export type { Network } from './check-url.ts';
export { checkUrl } from './check-url.ts';
export type { Invocation, InvocationResult } from './invocation.ts';
export { createInvoker, type Invoker, type InvokerOptions } from './invoker.ts';
export { generateSecret, type SignatureHeaders, signatureHeaders } from './signature.ts';
