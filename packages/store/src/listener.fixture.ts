import { endSessions, unique } from '@automation/testing';
import { sql } from 'kysely';
import type { ClientConfig } from 'pg';

import { createListener, type Listener, type Subscription } from './listener.ts';
import type { TestStore } from './test-store.fixture.ts';

/** What a subscriber was told. */
export interface Told {
  payloads: string[];
  reconnects: number;
}

/** A listener whose session is known by a name of its own. */
export interface TestListener {
  listener: Listener;
  /** The messages of what went wrong. */
  errors: string[];
  /** Listens on a channel, and notes what it is told. */
  hear: (channel: string) => Promise<{ told: Told; subscription: Subscription }>;
  /** The process ids of the sessions that it has. */
  sessions: () => Promise<number[]>;
  breakSession: () => Promise<void>;
}

export function createTestListener(store: TestStore, connection: ClientConfig = {}): TestListener {
  const name = unique('listener');
  const errors: string[] = [];
  const listener = createListener({
    connection: { connectionString: store.url, application_name: name, ...connection },
    onError: (error) => errors.push(error.message),
  });
  const sessions = async () => {
    const { rows } = await sql<{ pid: number }>`
      SELECT pid FROM pg_stat_activity WHERE application_name = ${name}`.execute(store.db);
    return rows.map(({ pid }) => pid);
  };
  return {
    listener,
    errors,
    hear: async (channel) => {
      const told: Told = { payloads: [], reconnects: 0 };
      const subscription = await listener.listen(
        channel,
        (payload) => told.payloads.push(payload),
        () => (told.reconnects += 1),
      );
      return { told, subscription };
    },
    sessions,
    breakSession: async () => endSessions(store.pool, await sessions()),
  };
}

export const notifyIn = (store: TestStore, channel: string, payload = '') =>
  sql`SELECT pg_notify(${channel}, ${payload})`.execute(store.db);
