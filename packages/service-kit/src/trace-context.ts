import { randomUUID } from 'node:crypto';

import { traceIdOf } from '@automation/domain';

/** Names a span and its trace, as it does in a W3C `traceparent`. */
export interface SpanContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Whether the trace is recorded; who continues it goes by that. */
  readonly isSampled: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The random half of an execution's id names its dispatch, so whoever knows the id knows the parent of its attempts. */
export function dispatchSpanIdOf(executionId: string): string {
  return traceIdOf(executionId).slice(16);
}

/**
 * A span is named by the half of a UUID, whose random bits Node keeps in stock: fetching eight bytes for each request took
 * 3 % of a worker's time.
 */
export function newSpanId(): string {
  return randomUUID().replaceAll('-', '').slice(16);
}

/** The `traceparent` header of a request that is made within a span (W3C Trace Context). */
export function formatTraceparent(traceId: string, spanId: string, isSampled: boolean): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** The span that a request was made within; null if its `traceparent` is missing or malformed. */
export function parseTraceparent(header: string | undefined): SpanContext | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
