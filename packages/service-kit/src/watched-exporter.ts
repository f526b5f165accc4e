import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

import type { Logger } from './logger.ts';

/** Says when spans can't be sent, once for each outage of the receiver, and when they can again. */
export class WatchedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #logger: Logger;
  #isFailing = false;

  constructor(exporter: SpanExporter, logger: Logger) {
    this.#exporter = exporter;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.#exporter.export(spans, (result) => {
      if (result.error === undefined) this.#succeeded();
      else this.failed(result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  failed(error: unknown): void {
    if (!this.#isFailing) this.#logger.warn('cannot send traces, dropping them until it works', { error });
    this.#isFailing = true;
  }

  #succeeded(): void {
    if (this.#isFailing) this.#logger.info('traces are sent again');
    this.#isFailing = false;
  }
}
