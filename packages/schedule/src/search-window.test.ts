import { endOfSearchWindow, isInSearchWindow, LONGEST_WINDOW } from './search-window.ts';

describe('five calendar years', () => {
  test.each([
    ['with one leap day', '2025-02-10T10:00:00Z', '2030-02-10T10:00:00Z'],
    ['with two', '2024-02-10T10:00:00Z', '2029-02-10T10:00:00Z'],
    ['with none, around 2100', '2097-02-10T10:00:00Z', '2102-02-10T10:00:00Z'],
    ['from a leap day', '2024-02-29T10:00:00Z', '2029-03-01T10:00:00Z'],
  ])('%s', (_what, from, to) => {
    const [after, end] = [Date.parse(from), Date.parse(to)];
    expect(endOfSearchWindow(after)).toBe(end);
    expect([end - 1, end, end + 1].map((next) => isInSearchWindow(next, after))).toEqual([true, true, false]);
    expect(end - after).toBeLessThanOrEqual(LONGEST_WINDOW);
  });
});
