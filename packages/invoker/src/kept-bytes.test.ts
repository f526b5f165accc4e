import { KeptBytes } from './kept-bytes.ts';

function keep(limit: number, chunks: readonly string[]) {
  const kept = new KeptBytes(limit);
  const complete = chunks.map((chunk) => kept.append(Buffer.from(chunk)));
  return { text: kept.bytes.toString(), complete: complete.every(Boolean) };
}

test.each([
  ['no chunk', []],
  ['one chunk', ['abc']],
  ['growing chunks', ['a', 'bcd', 'efghijklm', 'n']],
  ['exactly as many bytes as the limit', ['0123456789', '0123456789']],
])('a body of %s is kept as it was sent', (_what, chunks) => {
  expect(keep(20, chunks)).toEqual({ text: chunks.join(''), complete: true });
});

test.each([
  ['in its first chunk', ['0123456789x']],
  ['in a later one', ['01234', '56789', 'x']],
])('a body beyond the limit %s is cut', (_where, chunks) => {
  expect(keep(10, chunks)).toEqual({ text: '0123456789', complete: false });
});

test('a body of single bytes is kept in one piece no larger than the limit', () => {
  const limit = 64 * 1024;
  const kept = new KeptBytes(limit);
  for (let at = 0; at < limit; at += 1) kept.append(Buffer.from('x'));
  expect(kept.bytes.length).toBe(limit);
  expect(kept.bytes.buffer.byteLength).toBeLessThanOrEqual(limit);
});
