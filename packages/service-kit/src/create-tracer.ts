import type { Logger } from './logger.ts';
import type { TracingConfig } from './shared-keys.ts';
import { noTracer, type Tracer } from './tracer.ts';

export interface TracerOptions {
  /** Which of ours this process is: `api`, `scheduler`, `worker`. */
  readonly service: string;
  readonly config: TracingConfig;
  readonly logger: Logger;
}

/** A tracer that sends spans to OTEL_EXPORTER_OTLP_ENDPOINT. Without one, nothing of OpenTelemetry is even loaded. */
export async function createTracer({ service, config, logger }: TracerOptions): Promise<Tracer> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return noTracer;
  const { OtlpTracer } = await import('./otlp-tracer.ts');
  return new OtlpTracer({ service, endpoint, config, logger });
}
