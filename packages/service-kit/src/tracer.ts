import type { SpanContext } from './trace-context.ts';

/** A span that is over. Ours are all reported then, when everything about them is known. */
export interface FinishedSpan {
  readonly name: string;
  readonly kind: 'internal' | 'client' | 'server';
  readonly traceId: string;
  readonly spanId: string;
  /** In the same trace; null for its root. */
  readonly parent: SpanContext | null;
  /** Spans of other traces that caused this one. */
  readonly links: readonly SpanContext[];
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** What went wrong; null if nothing did. */
  readonly error: string | null;
}

/** Where spans are reported to. */
export interface Tracer {
  /** Whether reports go anywhere. Where it matters, what is reported is not even put together otherwise. */
  readonly isOn: boolean;
  /** Whether a trace is recorded; `parent` is the span that its first one continues. */
  isSampled(traceId: string, parent: SpanContext | null): boolean;
  report(span: FinishedSpan): void;
  /** Sends what was reported, if the receiver takes it at once. */
  stop(): Promise<void>;
}

/** Reports nothing. Functions are told to record their part all the same: they may report to somewhere else. */
export const noTracer: Tracer = {
  isOn: false,
  isSampled: () => true,
  report: () => undefined,
  stop: async () => undefined,
};
