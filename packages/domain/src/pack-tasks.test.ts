import { LARGEST_TASK, packByAccount, packTasks } from './pack-tasks.ts';

interface Named {
  accountId: string;
  name: string;
}

/** `a1 a2 … a<count>` of account `a`. */
function executionsOf(accountId: string, count: number): Named[] {
  return Array.from({ length: count }, (_, index) => ({ accountId, name: `${accountId}${index + 1}` }));
}

function namesOf(tasks: readonly Named[][]): string {
  return tasks.map((task) => task.map((execution) => execution.name).join(' ')).join(' | ');
}

describe('a claim is split so that every waiting worker gets some, in tasks of 20 to 100', () => {
  test.each([
    { count: 0, sizes: [] },
    { count: 1, sizes: [1] },
    { count: 20, sizes: [20] },
    { count: 43, sizes: [20, 20, 3] },
    { count: 160, sizes: [20, 20, 20, 20, 20, 20, 20, 20] },
    { count: 168, sizes: [21, 21, 21, 21, 21, 21, 21, 21] },
    { count: 800, sizes: [100, 100, 100, 100, 100, 100, 100, 100] },
    { count: 801, sizes: [100, 100, 100, 100, 100, 100, 100, 100, 1] },
    { count: 1_000, sizes: [100, 100, 100, 100, 100, 100, 100, 100, 100, 100] },
  ])('$count executions: $sizes', ({ count, sizes }) => {
    expect(packTasks(executionsOf('a', count)).map((task) => task.length)).toEqual(sizes);
  });

  test('the limit is the one that others can read', () => {
    expect(LARGEST_TASK).toBe(100);
  });
});

test('each execution is in exactly one task', () => {
  const executions = [...executionsOf('a', 500), ...executionsOf('b', 333), ...executionsOf('c', 1)];

  const packed = packTasks(executions).flat();

  expect(packed).toHaveLength(834);
  expect(new Set(packed)).toEqual(new Set(executions));
});

describe('so that one account does not starve another (SPEC 4)', () => {
  test('accounts with few executions share tasks and take turns, each with its oldest execution first', () => {
    const executions = [...executionsOf('a', 9), ...executionsOf('b', 3), ...executionsOf('c', 9)];

    expect(namesOf(packTasks(executions))).toBe(
      'a1 b1 c1 a2 b2 c2 a3 b3 c3 a4 c4 a5 c5 a6 c6 a7 c7 a8 c8 a9 | c9',
    );
  });

  test('what takes turns already keeps its order', () => {
    const [a1, a2] = executionsOf('a', 2);
    const [b1, b2] = executionsOf('b', 2);

    expect(namesOf(packTasks([b1!, a1!, b2!, a2!]))).toBe('b1 a1 b2 a2');
  });

  test('an account with many has tasks of its own, behind what the others share', () => {
    const executions = [...executionsOf('a', 10), ...executionsOf('b', 1), ...executionsOf('c', 2)];

    expect(namesOf(packTasks(executions))).toBe('b1 c1 c2 | a1 a2 a3 a4 a5 a6 a7 a8 a9 a10');
  });

  test('in no task are 10,000 executions of one account with the one of another', () => {
    const tasks = packTasks([...executionsOf('a', 10_000), ...executionsOf('b', 1)]);

    expect(namesOf(tasks.slice(0, 1))).toBe('b1');
    expect(tasks.slice(1).flat()).toHaveLength(10_000);
  });

  test('what has to wait does so by account, a hundred to a task', () => {
    const executions = [...executionsOf('a', 101), ...executionsOf('b', 2)];

    expect(packByAccount(executions).map((task) => task.length)).toEqual([100, 1, 2]);
  });
});

test('the claim that is split stays as it is', () => {
  const executions = [...executionsOf('a', 2), ...executionsOf('b', 1)];

  packTasks(executions);

  expect(namesOf([executions])).toBe('a1 a2 b1');
});
