import { partitionName, partitionStart } from './partition-names.ts';

const starts = [
  ['2026-02-12T00:00:00Z', 'automation_executions_p20260212'],
  ['2026-02-12T00:00:01Z', 'automation_executions_p20260212_000001'],
  ['2026-02-12T14:30:00Z', 'automation_executions_p20260212_143000'],
  ['2026-02-13T00:00:00Z', 'automation_executions_p20260213'],
] as const;

test.each(starts)('the partition that begins at %s is %s', (from, name) => {
  expect(partitionName(new Date(from))).toBe(name);
  expect(partitionStart(name)).toEqual(new Date(from));
});

test('names sort as their partitions follow each other', () => {
  const names = starts.map(([, name]) => name);
  expect(names.toReversed().toSorted()).toEqual(names);
});

test('the default partition begins nowhere', () => {
  expect(partitionStart('automation_executions_default')).toBeNull();
});
