import { evidence, job } from '../chaos/check/evidence.fixture.ts';
import { judgeEvents } from './judge-events.ts';

const { ledger } = evidence({ jobs: [job({ id: 'one' }), job({ id: 'two' })] });

const rules = (jobs: string[], streams = 1) => judgeEvents({ jobs, streams }, ledger).map(({ rule }) => rule);

test.each([
  ['each job once', ['two', 'one'], []],
  ['a job never', ['two'], ['lost event']],
  ['a job twice', ['one', 'two', 'one'], ['event twice']],
])('%s', (_what, jobs, expected) => {
  expect(rules(jobs)).toEqual(expected);
});

test('nothing is asked of an api without events', () => {
  expect(rules([], 0)).toEqual([]);
});
