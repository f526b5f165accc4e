/**
 * Where functions may be (SPEC 6, FUNCTION_NETWORK). `private`: anywhere. `public`: at no private or local address, at
 * one of the ports (FUNCTION_PORTS), and with https unless http is allowed (FUNCTION_HTTP).
 */
export type EgressPolicy =
  { network: 'private' } | { network: 'public'; ports: readonly number[]; http: 'refused' | 'allowed' };
