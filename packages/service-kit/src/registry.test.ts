import { Counter } from 'prom-client';
import { createRegistry } from './registry.ts';

test('has the metrics of Node and labels everything with the service', async () => {
  const registry = createRegistry('scheduler');
  new Counter({ name: 'ticks_total', help: 'Ticks', registers: [registry] }).inc();
  const text = await registry.metrics();
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{service="scheduler"\}/m);
  expect(text).toContain('ticks_total{service="scheduler"} 1');
});

test('two services in one process have a registry each', async () => {
  const [api, worker] = [createRegistry('api'), createRegistry('worker')];
  expect(await api.metrics()).not.toContain('service="worker"');
  expect(await worker.metrics()).not.toContain('service="api"');
});
