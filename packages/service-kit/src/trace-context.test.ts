import { newId } from '@automation/domain';

import { dispatchSpanIdOf, formatTraceparent, newSpanId, parseTraceparent } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('a traceparent is read as it is written', () => {
  for (const isSampled of [true, false])
    expect(parseTraceparent(formatTraceparent(TRACE, SPAN, isSampled))).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      isSampled,
    });
});

test('of its flags the lowest bit counts alone', () => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)?.isSampled).toBe(true);
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled).toBe(false);
});

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['of upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['without a trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['without a span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['too long', `00-${TRACE}-${SPAN}-01-00`],
  ['of an unknown version', `ff-${TRACE}-${SPAN}-01`],
])('a traceparent that is %s continues nothing', (_what, header) => {
  expect(parseTraceparent(header)).toBeNull();
});

test('ids of spans are 16 hex digits, not all 0', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const ids = Array.from({ length: 100 }, () => [newSpanId(), dispatchSpanIdOf(newId(at))]).flat();
  for (const id of ids) expect(id).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  expect(new Set(ids).size).toBe(200);
});

test('the dispatch of an execution has the same id wherever it is asked for', () => {
  expect(dispatchSpanIdOf('019a1b2c-3d4e-7f60-8a1b-2c3d4e5f6071')).toBe('8a1b2c3d4e5f6071');
});
