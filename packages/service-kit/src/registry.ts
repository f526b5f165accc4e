import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * The metrics of one process: Node's own (event loop lag, heap, garbage collection) to begin with. Every metric carries
 * the label `service`.
 */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
