import { Gauge, type Registry } from 'prom-client';

import type { EventStreams } from './event-streams.ts';

/** Shows at each scrape how many streams of events this process has open. */
export function showStreams(registry: Registry, streams: Pick<EventStreams, 'count'>): void {
  const gauge: Gauge = new Gauge({
    name: 'automation_event_streams',
    help: 'Streams of events that clients have open with this process',
    registers: [registry],
    collect: () => gauge.set(streams.count),
  });
}
