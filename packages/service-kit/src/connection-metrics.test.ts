import { Registry } from 'prom-client';

import { showConnections } from './connection-metrics.ts';

test('each scrape shows the pool as it is by then', async () => {
  const pool = { totalCount: 0, idleCount: 0, waitingCount: 0 };
  const registry = new Registry();
  showConnections(registry, pool);
  const scrape = async () =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('automation'));
  expect(await scrape()).toEqual([
    'automation_database_connections{state="idle"} 0',
    'automation_database_connections{state="in_use"} 0',
    'automation_database_connections{state="waiting"} 0',
  ]);
  Object.assign(pool, { totalCount: 10, idleCount: 3, waitingCount: 5 });
  expect(await scrape()).toEqual([
    'automation_database_connections{state="idle"} 3',
    'automation_database_connections{state="in_use"} 7',
    'automation_database_connections{state="waiting"} 5',
  ]);
});
