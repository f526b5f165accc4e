import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { freePort } from './free-port.ts';

/** A span that the receiver was sent. */
export interface ReceivedSpan {
  /** `service.name` of the process that sent it. */
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  /** Null for the root of a trace. */
  parentSpanId: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  /** What went wrong; null if nothing did. */
  error: string | null;
}

/** A receiver of OTLP over HTTP, as a collector is one. */
export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  /** All that it took, in the order of arrival. */
  spans: readonly ReceivedSpan[];
  /** How often it was sent anything, be it taken or refused. */
  requests: () => number;
  /** The status that it answers from now on; it takes spans while that is 200. */
  answer(status: number): void;
  close(): Promise<void>;
}

interface OtlpValue {
  stringValue?: string;
  intValue?: number;
  doubleValue?: number;
  boolValue?: boolean;
}

interface OtlpAttribute {
  key: string;
  value: OtlpValue;
}

interface OtlpSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  links?: { traceId: string; spanId: string }[];
  status: { code: number; message?: string };
}

interface OtlpBody {
  resourceSpans: { resource: { attributes: OtlpAttribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

/** OTLP's code of a span that failed. */
const ERROR = 2;

export async function startTraceReceiver(): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = [];
  let requests = 0;
  let status = 200;
  const port = await freePort();
  const server = createServer((request, response) => {
    void (async () => {
      const body: OtlpBody = JSON.parse(await text(request));
      requests += 1;
      const isExport = request.method === 'POST' && request.url === '/v1/traces';
      if (isExport && status === 200) spans.push(...spansOf(body));
      response.writeHead(isExport ? status : 404, { 'content-type': 'application/json' }).end('{}');
    })();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    requests: () => requests,
    answer: (next) => (status = next),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spansOf({ resourceSpans }: OtlpBody): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(record(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => readSpan(service, span)));
  });
}

function readSpan(service: string, span: OtlpSpan): ReceivedSpan {
  const { name, traceId, spanId, parentSpanId, links = [], status } = span;
  return {
    service,
    name,
    traceId,
    spanId,
    parentSpanId: parentSpanId ?? null,
    startedAt: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
    endedAt: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
    attributes: record(span.attributes),
    links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
    error: status.code === ERROR ? (status.message ?? '') : null,
  };
}

function record(attributes: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
