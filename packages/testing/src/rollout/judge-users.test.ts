import { evidence, execution, job } from '../chaos/check/evidence.fixture.ts';
import { judgeUsers } from './judge-users.ts';
import type { UserNotes } from './user.ts';

const manual = (seconds: number) => execution(seconds, { trigger: 'manual' });
const { ledger } = evidence({
  jobs: [job(), job({ id: 'of nobody' })],
  executions: [manual(1), execution(10)],
});

const notes = (overrides: Partial<UserNotes> = {}): UserNotes => ({
  jobs: new Map([['job-1', 'text']]),
  runs: new Set(['execution-1']),
  surprises: [],
  ...overrides,
});

const rules = (told: UserNotes, faults: string[] = []) =>
  judgeUsers(told, { faults }, ledger).map(({ rule }) => rule);

test('all is well if what users were told is in the ledger, and no more', () => {
  expect(rules(notes())).toEqual([]);
});

test.each([
  [
    'a job that is not there',
    notes({
      jobs: new Map([
        ['job-1', 'text'],
        ['job-2', ''],
      ]),
    }),
    'lost job',
  ],
  ['a run that is not there', notes({ runs: new Set(['execution-1', 'execution-2']) }), 'lost run'],
  ['a run that no answer named', notes({ runs: new Set() }), 'run twice'],
  ['an answer that nobody expects', notes({ surprises: ['GET /: 409'] }), 'unexpected answer'],
])('%s is a violation', (_what, told, rule) => {
  expect(rules(told)).toEqual([rule]);
});

test('an error that a client saw is one', () => {
  expect(rules(notes(), ['GET /: 500'])).toEqual(['error at the client']);
});
