import { QUEUE_SCHEMA } from '@automation/queue';
import {
  type Database,
  dropHistoryBefore,
  measureStorage,
  splitPartition,
  type Storage,
} from '@automation/store';

/** History is dropped from this share of the limit on, so that what is written until the next look is inside as well. */
const FULL = 0.9;
/** A day that takes a tenth of the limit is divided, so that little more is dropped than has to be. */
const PART = 0.1;
/** An empty partition takes some pages; and dividing one means to read it, while nobody else does. */
const SMALLEST_PART = 1_048_576;
const LARGEST_PART = 1_073_741_824;

/**
 * Drops history, oldest first and partition by partition, until all that there is keeps inside of the limit (SPEC 5); what
 * is under way and the newest partition stay. Answers what storage is used then, and the names of the partitions dropped.
 * Safe to call from many replicas at once.
 */
export async function enforceStorageLimit(
  db: Database,
  maxBytes: number,
  now: Date,
): Promise<{ storage: Storage; dropped: string[] }> {
  let storage = await measureStorage(db, QUEUE_SCHEMA);
  const large = storage.partitions.find(
    ({ from, to, bytes }) => from <= now && now < to && bytes > partBytes(maxBytes),
  );
  if (large !== undefined) await splitPartition(db, large.name);
  const dropped: string[] = [];
  for (;;) {
    const [oldest] = storage.partitions;
    if (totalBytes(storage) <= maxBytes * FULL || oldest === undefined || oldest.to > now) break;
    dropped.push(...(await dropHistoryBefore(db, oldest.to)));
    storage = await measureStorage(db, QUEUE_SCHEMA);
  }
  return { storage, dropped };
}

export function totalBytes({ history, definitions, queue }: Storage): number {
  return history + definitions + queue;
}

function partBytes(maxBytes: number): number {
  return Math.min(Math.max(maxBytes * PART, SMALLEST_PART), LARGEST_PART);
}
