/** Why an execution waits whose function is left alone for a while (SPEC 4, the circuit breaker). */
export function openBreakerReason(functionId: string): string {
  return `the circuit breaker of function ${functionId} is open`;
}
