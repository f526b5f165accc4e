/** Requests that a load generator is to send. */
export interface Load {
  origin: string;
  method: 'GET' | 'POST';
  /** Taken in turn. */
  paths: string[];
  headers: Record<string, string>;
  /** `{n}` in it becomes a number that no other request has. */
  body: string | null;
  /** Any other status is a failure, and ends the measurement. */
  expectedStatus: number;
  connections: number;
  seconds: number;
  /** Each is sent when its time has come, whether those before it are answered or not; null: as fast as they are answered. */
  perSecond: number | null;
}

export interface LoadResult {
  answered: number;
  perSecond: number;
  /** From when a request was to be sent, be there a connection free or not, until its answer was there, in ms. */
  latencyMs: { median: number; p99: number; max: number };
}

export function isLoadResult(message: unknown): message is LoadResult {
  return typeof message === 'object' && message !== null && 'answered' in message && 'latencyMs' in message;
}
