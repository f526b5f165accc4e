import { v7 } from 'uuid';

/** A UUIDv7 whose time is `at`: ids sort by it, and a row's day can be read off its id. */
export function newId(at: Date): string {
  return v7({ msecs: at.getTime() });
}

/**
 * The id of the execution of a job's occurrence: a UUIDv7 of its instant, with the random bits of the job's id. So it is the
 * same whenever the occurrence is claimed, by a database that was restored from a backup too, and with it the Idempotency-Key
 * by which a function tells a repeat.
 */
export function occurrenceId(jobId: string, scheduledFor: Date): string {
  const time = scheduledFor.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${jobId.slice(15)}`;
}

/** The instant (ms) that a UUIDv7 carries in its first 48 bits (RFC 9562 5.7). */
export function idTime(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** Whether a text is a UUIDv7, as every id that we hand out is. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text);
}
