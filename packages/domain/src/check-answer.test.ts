import { interpretCheck } from './check-answer.ts';
import type { JsonObject, JsonValue } from './json.ts';

describe('saying nothing means perform (SPEC 3.6)', () => {
  test.each<[string, JsonObject]>([
    ['an empty object', {}],
    ['no shouldPerform', { temperature: 21 }],
    ['shouldPerform in another case', { shouldperform: false }],
  ])('%s', (_, output) => {
    expect(interpretCheck(output)).toEqual({ shouldPerform: true, performPayload: {} });
  });
});

describe('a boolean counts as it is, a string is true only if it is "true", a number if it is not 0 (SPEC 3.6)', () => {
  test.each<[JsonValue, boolean]>([
    [true, true],
    [false, false],
    ['true', true],
    ['TRUE', true],
    ['tRuE', true],
    ['false', false],
    ['', false],
    ['yes', false],
    ['1', false],
    [' true', false],
    ['untrue', false],
    [1, true],
    [-1, true],
    [0.5, true],
    [0, false],
    [-0, false],
  ])('%j means %s', (shouldPerform, expected) => {
    expect(interpretCheck({ shouldPerform }).shouldPerform).toBe(expected);
  });

  test.each<[JsonValue]>([[null], [{}], [[]], [[true]], [{ value: true }]])(
    '%j is none of these, and does not perform',
    (shouldPerform) => {
      expect(interpretCheck({ shouldPerform })).toEqual({ shouldPerform: false });
    },
  );
});

describe('performPayload counts if it is an object (SPEC 3.6)', () => {
  test('an object is handed on as it is', () => {
    const performPayload = { reason: 'condition met', tags: ['a'], nested: { deep: null } };

    expect(interpretCheck({ shouldPerform: true, performPayload })).toEqual({
      shouldPerform: true,
      performPayload,
    });
  });

  test('it counts without shouldPerform, too', () => {
    expect(interpretCheck({ performPayload: { n: 1 } })).toEqual({
      shouldPerform: true,
      performPayload: { n: 1 },
    });
  });

  test.each<[JsonValue]>([[null], ['text'], [7], [true], [[]], [[{ n: 1 }]]])(
    '%j counts as nothing',
    (performPayload) => {
      expect(interpretCheck({ shouldPerform: true, performPayload })).toEqual({
        shouldPerform: true,
        performPayload: {},
      });
    },
  );

  test('a check that declines hands nothing on', () => {
    expect(interpretCheck({ shouldPerform: false, performPayload: { n: 1 } })).toEqual({
      shouldPerform: false,
    });
  });
});
