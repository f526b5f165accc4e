import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext as OtelSpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  type Sampler,
  SamplingDecision,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { withDeadline } from './deadline.ts';
import type { Logger } from './logger.ts';
import type { SpanContext } from './trace-context.ts';
import { createSampler } from './trace-sampler.ts';
import type { FinishedSpan, Tracer } from './tracer.ts';
import type { TracingConfig } from './shared-keys.ts';
import { WatchedExporter } from './watched-exporter.ts';

export interface OtlpTracerOptions {
  readonly service: string;
  readonly endpoint: string;
  readonly config: TracingConfig;
  readonly logger: Logger;
}

/** Spans wait so long for others to be sent with. */
const SEND_INTERVAL_MS = 1_000;
/** More than these are dropped while the receiver is slow or away: some MB. */
const MOST_WAITING = 4_096;
/** A receiver that is away may not hold up a shutdown. */
const FLUSH_MS = 1_000;

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER } as const;

/** Sends spans by OTLP over HTTP. It is no global provider: libraries in the same process are left alone. */
export class OtlpTracer implements Tracer {
  readonly isOn = true;
  readonly #ids = new GivenIds();
  readonly #sampler: Sampler;
  readonly #exporter: WatchedExporter;
  readonly #provider: TracerProvider;
  readonly #tracer: OtelTracer;

  constructor({ service, endpoint, config, logger }: OtlpTracerOptions) {
    this.#sampler = createSampler(config);
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    this.#exporter = new WatchedExporter(new OTLPTraceExporter({ url }), logger);
    this.#provider = new TracerProvider({
      sampler: this.#sampler,
      idGenerator: this.#ids,
      resource: defaultResource().merge(resourceFromAttributes({ 'service.name': `automation-${service}` })),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: this.#exporter,
          scheduledDelayMillis: SEND_INTERVAL_MS,
          maxQueueSize: MOST_WAITING,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('automation');
  }

  isSampled(traceId: string, parent: SpanContext | null): boolean {
    const context = contextOf(parent);
    const { decision } = this.#sampler.shouldSample(context, traceId, '', SpanKind.INTERNAL, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  report(span: FinishedSpan): void {
    this.#ids.next = span;
    const { startedAt: startTime, attributes, error } = span;
    const links = span.links.map((context) => ({ context: otelContextOf(context) }));
    const options = { kind: KINDS[span.kind], startTime, attributes, links };
    const reported = this.#tracer.startSpan(span.name, options, contextOf(span.parent));
    if (error !== null) reported.setStatus({ code: SpanStatusCode.ERROR, message: error });
    reported.end(span.endedAt);
  }

  async stop(): Promise<void> {
    try {
      await withDeadline(FLUSH_MS, () => this.#provider.shutdown());
    } catch (error) {
      this.#exporter.failed(error);
    }
  }
}

/** Names spans as they are told: a span's id has been in a `traceparent` before it is reported. */
class GivenIds implements IdGenerator {
  next: { readonly traceId: string; readonly spanId: string } = { traceId: '', spanId: '' };

  generateTraceId(): string {
    return this.next.traceId;
  }

  generateSpanId(): string {
    return this.next.spanId;
  }
}

function contextOf(parent: SpanContext | null): Context {
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, otelContextOf(parent));
}

function otelContextOf({ traceId, spanId, isSampled }: SpanContext): OtelSpanContext {
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId, spanId, traceFlags, isRemote: true };
}
