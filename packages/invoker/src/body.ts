import type { Readable } from 'node:stream';

/** The first bytes of a body, and whether they are all of it. */
export interface BodyStart {
  bytes: Buffer;
  complete: boolean;
}

/**
 * Reads a body up to `limit` bytes. Whatever is longer is not downloaded: its connection is closed.
 * @throws what the stream reports if the body breaks off before the limit
 */
export function readAtMost(body: Readable, limit: number): Promise<BodyStart> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // Stays attached after the promise has settled: destroying the body makes it emit one more error.
    body.on('error', reject);
    body.on('end', () => resolve({ bytes: join(chunks), complete: true }));
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limit) return;
      resolve({ bytes: join(chunks).subarray(0, limit), complete: false });
      body.destroy();
    });
  });
}

/** Gives up a body unread: closes its connection. */
export function discard(body: Readable): void {
  // undici reports every body that is destroyed before its end as an error; here that is what is wanted.
  body.on('error', () => undefined);
  body.destroy();
}

function join(chunks: Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}
