import type { EventMessage } from '@automation/domain';

/** How soon a client tries to connect again. */
const RETRY_MS = 2_000;

/** A message as a stream of server-sent events carries it (WHATWG HTML, 9.2). */
export function messageFrame(message: EventMessage): string {
  return `id: ${message.id}\nevent: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`;
}

/** The first frame of a stream. */
export function openingFrame(position: number): string {
  return `retry: ${RETRY_MS}\n${positionFrame(position)}`;
}

/** A comment that keeps the connection open, and an id without a message: from there a client goes on that has got no other. */
export function positionFrame(position: number): string {
  return `: at ${position}\nid: ${position}\n\n`;
}
