import { sql } from 'kysely';

import type { Database } from './database.ts';
import { listPartitions, type Partition } from './partitions.ts';

/** What users have defined; all other tables of ours hold what has happened. */
const DEFINITIONS = new Set([
  'accounts',
  'api_keys',
  'functions',
  'automation_jobs',
  'automation_job_counts',
  'automation_timetables',
  'automation_event_endpoints',
  'automation_event_settings',
]);

/** Bytes on disk, with indexes and what is free for reuse. */
export interface Storage {
  history: number;
  definitions: number;
  queue: number;
  /** Of the history's executions, the oldest first. */
  partitions: (Partition & { bytes: number })[];
}

/** Measures what the tables take, ours and those in the schema of the queue: one statement on the catalogue. */
export async function measureStorage(db: Database, queueSchema: string): Promise<Storage> {
  const { rows } = await sql<{ name: string; isQueue: boolean; bytes: number | null }>`
    SELECT c.relname AS name, n.nspname = ${queueSchema} AS is_queue, pg_total_relation_size(c.oid) AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN (current_schema(), ${queueSchema})`.execute(db);
  const storage: Storage = { history: 0, definitions: 0, queue: 0, partitions: [] };
  const byName = new Map<string, number>();
  for (const { name, isQueue, bytes } of rows) {
    // Null: dropped meanwhile.
    const size = bytes ?? 0;
    storage[partOf(name, isQueue)] += size;
    if (!isQueue) byName.set(name, size);
  }
  const partitions = await listPartitions(db);
  storage.partitions = partitions.map((each) => ({ ...each, bytes: byName.get(each.name) ?? 0 }));
  return storage;
}

function partOf(name: string, isQueue: boolean): 'history' | 'definitions' | 'queue' {
  if (isQueue) return 'queue';
  return DEFINITIONS.has(name) ? 'definitions' : 'history';
}
