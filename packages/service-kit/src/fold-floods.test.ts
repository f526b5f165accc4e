import { foldFloods } from './fold-floods.ts';

const jest = import.meta.jest;

const START = Date.UTC(2026, 0, 1);

/** What is written of lines that are given at once. */
function setup() {
  const lines: unknown[][] = [];
  const write = foldFloods((...line) => lines.push(line));
  const say = (message: string, times: number) => {
    for (let n = 0; n < times; n += 1) write('info', message, { n });
  };
  return { lines, say, write };
}

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});

afterEach(() => {
  jest.useRealTimers();
});

test('what can be followed by eye is written as it is', () => {
  const { lines, say } = setup();
  say('execution started', 20);
  jest.advanceTimersByTime(5_000);
  expect(lines).toHaveLength(20);
});

test('a flood of one kind of line is folded into a count, within the second', () => {
  const { lines, say } = setup();
  say('execution started', 3_000);
  expect(lines).toHaveLength(20);
  jest.advanceTimersByTime(1_000);
  expect(lines.slice(20)).toEqual([['info', 'execution started', { folded: 2_980 }]]);
});

test('the next second begins anew', () => {
  const { lines, say } = setup();
  say('execution started', 30);
  jest.advanceTimersByTime(1_000);
  say('execution started', 30);
  jest.advanceTimersByTime(1_000);
  expect(lines).toHaveLength(2 * 21);
  for (const end of [21, 42]) expect(lines[end - 1]).toEqual(['info', 'execution started', { folded: 10 }]);
});

test('a clock that is set back changes nothing: the next second begins anew', () => {
  const { lines, say } = setup();
  say('execution started', 20);
  jest.setSystemTime(START - 3_600_000);
  jest.advanceTimersByTime(1_000);
  say('execution started', 20);
  expect(lines).toHaveLength(40);
});

test('other kinds of lines are not concerned, be it by message or by level', () => {
  const { lines, say, write } = setup();
  say('execution started', 100);
  say('execution completed', 1);
  write('error', 'execution started', {});
  expect(lines.slice(20)).toEqual([
    ['info', 'execution completed', { n: 0 }],
    ['error', 'execution started', {}],
  ]);
});
