import { v7 } from 'uuid';

/** A UUIDv7 whose time is `at`: ids sort by it, and a row's day can be read off its id. */
export function newId(at: Date): string {
  return v7({ msecs: at.getTime() });
}

/** The instant (ms) that a UUIDv7 carries in its first 48 bits (RFC 9562 5.7). */
export function idTime(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** Whether a text is a UUIDv7, as every id that we hand out is. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text);
}
