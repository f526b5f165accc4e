import { Gauge, type Registry } from 'prom-client';

/** What a pool of database connections counts; pg's pools do. */
export interface ConnectionPool {
  readonly totalCount: number;
  readonly idleCount: number;
  /** Those who wait for a connection. */
  readonly waitingCount: number;
}

/** Shows at each scrape how much of a process's pool is in use, and whether anybody waits for it. */
export function showConnections(registry: Registry, pool: ConnectionPool): void {
  const connections: Gauge<'state'> = new Gauge({
    name: 'automation_database_connections',
    help: 'Connections of the database pool that are idle and in_use, and statements waiting for one',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      connections.set({ state: 'idle' }, pool.idleCount);
      connections.set({ state: 'in_use' }, pool.totalCount - pool.idleCount);
      connections.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}
