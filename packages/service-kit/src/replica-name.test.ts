import { replicaName } from './replica-name.ts';

test('a replica is named by its service, machine and process, short enough for PostgreSQL', () => {
  const name = replicaName('scheduler');
  expect(name).toMatch(new RegExp(`^automation-scheduler@.+:${process.pid}$`));
  expect(name.length).toBeLessThanOrEqual(63);
});
