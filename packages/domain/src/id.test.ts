import { idTime, isId, newId, occurrenceId } from './id.ts';

const at = new Date('2025-12-01T12:34:56.789Z');

describe('an id is a UUIDv7 (SPEC 1)', () => {
  test('it carries its instant to the millisecond', () => {
    expect(idTime(newId(at))).toEqual(at);
    expect(newId(at)).toMatch(/^019ad9e8-b095-7/);
  });

  test('ids sort by their time', () => {
    const instants = ['2001-09-09T01:46:39.999Z', '2025-12-01T12:34:56.789Z', '2025-12-01T12:34:56.790Z'];
    const ids = instants.map((instant) => newId(new Date(instant)));

    expect(ids.toSorted()).toEqual(ids);
  });

  test('a thousand of the same instant are all different', () => {
    const ids = Array.from({ length: 1_000 }, () => newId(at));

    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every(isId)).toBe(true);
  });
});

describe("the id of an occurrence's execution is a UUIDv7 (SPEC 1)", () => {
  const [job, other] = [newId(new Date(0)), newId(new Date(0))];

  test('of its instant, and the same each time', () => {
    expect(isId(occurrenceId(job, at))).toBe(true);
    expect(idTime(occurrenceId(job, at))).toEqual(at);
    expect(occurrenceId(job, at)).toBe(occurrenceId(job, at));
  });

  test('another one for another occurrence and for another job', () => {
    const later = new Date(at.getTime() + 1);
    const ids = [
      occurrenceId(job, at),
      occurrenceId(job, later),
      occurrenceId(other, at),
      occurrenceId(other, later),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of an early instant, too', () => {
    expect(occurrenceId('017f22e2-79b0-7cc3-98c4-dc0c0c07398f', new Date(1))).toBe(
      '00000000-0001-7cc3-98c4-dc0c0c07398f',
    );
  });
});

describe('the time of an id is its first 48 bits (RFC 9562)', () => {
  test.each([
    ['the example of the RFC', '017F22E2-79B0-7CC3-98C4-DC0C0C07398F', '2022-02-22T19:22:22.000Z'],
    ['the earliest', '00000000-0000-7000-8000-000000000000', '1970-01-01T00:00:00.000Z'],
    ['the latest', 'ffffffff-ffff-7fff-bfff-ffffffffffff', '+010889-08-02T05:31:50.655Z'],
  ])('%s', (_, id, expected) => {
    expect(idTime(id).toISOString()).toBe(expected);
  });
});

describe('isId tells ids from other text', () => {
  test.each([
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', true],
    ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', true],
    ['017f22e2-79b0-7cc3-88c4-dc0c0c07398f', true],
    ['017f22e2-79b0-7cc3-a8c4-dc0c0c07398f', true],
    ['017f22e2-79b0-7cc3-b8c4-dc0c0c07398f', true],
    ['017f22e2-79b0-7cc3-78c4-dc0c0c07398f', false],
    ['017f22e2-79b0-7cc3-c8c4-dc0c0c07398f', false],
    ['017f22e2-79b0-4cc3-98c4-dc0c0c07398f', false],
    ['017f22e279b07cc398c4dc0c0c07398f', false],
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398', false],
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f0', false],
    ['017g22e2-79b0-7cc3-98c4-dc0c0c07398f', false],
    ['{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}', false],
    [' 017f22e2-79b0-7cc3-98c4-dc0c0c07398f', false],
    ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n', false],
    ['00000000-0000-0000-0000-000000000000', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isId(text)).toBe(expected);
  });
});
