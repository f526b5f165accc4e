import { once } from 'node:events';
import { Readable } from 'node:stream';
import { readAtMost } from './body.ts';

function bodyOf(...chunks: (string | Buffer)[]): Readable {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}

test.each([
  ['no chunk', []],
  ['one chunk', ['abc']],
  ['growing chunks', ['a', 'bcd', 'efghijklm', 'n']],
  ['exactly as many bytes as the limit', ['0123456789', '0123456789']],
])('a body of %s is read as it was sent', async (_what, chunks) => {
  const { bytes, complete } = await readAtMost(bodyOf(...chunks), 20);
  expect({ text: bytes.toString(), complete }).toEqual({ text: chunks.join(''), complete: true });
});

test.each([
  ['in its first chunk', ['0123456789x']],
  ['in a later one', ['01234', '56789', 'x']],
])('a body beyond the limit %s is cut, and the rest not read', async (_where, chunks) => {
  const body = bodyOf(...chunks);
  const { bytes, complete } = await readAtMost(body, 10);
  expect({ text: bytes.toString(), complete }).toEqual({ text: '0123456789', complete: false });
  if (!body.closed) await once(body, 'close');
});

test('a body of single bytes is kept in one piece no larger than the limit', async () => {
  const limit = 64 * 1024;
  const { bytes, complete } = await readAtMost(
    bodyOf(...Array.from({ length: limit }, () => Buffer.from('x'))),
    limit,
  );
  expect({ length: bytes.length, complete }).toEqual({ length: limit, complete: true });
  expect(bytes.buffer.byteLength).toBeLessThanOrEqual(limit);
});

test('a body that breaks off is an error', async () => {
  const body = new Readable({ read: () => undefined });
  const read = readAtMost(body, 10);
  body.push('abc');
  body.destroy(new Error('reset'));
  await expect(read).rejects.toThrow('reset');
});
