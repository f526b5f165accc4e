import type { JsonObject } from './json-value.ts';

/** What a test call of a function came to. */
export interface FunctionTest {
  status: 'succeeded' | 'accepted' | 'failed' | 'timed_out';
  http_status: number | null;
  output: JsonObject;
  logs: string[];
  /** Empty if there was none. */
  error: string;
  duration_ms: number;
}
