/** `stats` asks for the counts so far; `take` for the lags too, and starts anew. */
export type FunctionServerRequest = 'stats' | 'take';

export interface FunctionServerStats {
  checks: number;
  performs: number;
  /** When the last perform arrived, in epoch ms; 0 before the first one. */
  lastPerformAt: number;
  /** Of each check in the order of arrival, in ms since it was scheduled. */
  lags: number[];
}

export function isFunctionServerRequest(message: unknown): message is FunctionServerRequest {
  return message === 'stats' || message === 'take';
}

export function isFunctionServerStats(message: unknown): message is FunctionServerStats {
  return typeof message === 'object' && message !== null && 'checks' in message && 'lags' in message;
}
