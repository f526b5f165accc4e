import {
  EVENT_TYPES,
  eventJson,
  type EventSelector,
  gapJson,
  type PublishedEvent,
  selectedTypes,
  selectsExecutions,
} from './event.ts';

const EVENT: PublishedEvent = {
  position: 42,
  accountId: 'acc',
  jobId: 'job-1',
  executionId: null,
  type: 'job.created',
  data: { status: 'active' },
  createdAt: new Date('2026-01-05T09:00:00Z'),
};

test.each<[EventSelector[], number, boolean]>([
  [['job.*', 'execution.*'], EVENT_TYPES.length, true],
  [['job.*'], 6, false],
  [['execution.*'], 6, true],
  [['job.created', 'execution.failed'], 2, true],
  [['job.*', 'job.created'], 6, false],
])('%j select %i types, once each', (selectors, count, includesExecutions) => {
  const types = selectedTypes(selectors);
  expect(types).toHaveLength(count);
  expect(new Set(types).size).toBe(count);
  expect(selectsExecutions(selectors)).toBe(includesExecutions);
});

test('an event is its position, what happened, when, and to what', () => {
  expect(Object.entries(eventJson(EVENT))).toEqual([
    ['id', '42'],
    ['type', 'job.created'],
    ['time', '2026-01-05T09:00:00Z'],
    ['account_id', 'acc'],
    ['job_id', 'job-1'],
    ['data', { status: 'active' }],
  ]);
  const ofExecution = eventJson({ ...EVENT, type: 'execution.failed', executionId: 'execution-1' });
  expect(ofExecution).toMatchObject({ job_id: 'job-1', execution_id: 'execution-1' });
});

test('a gap says after which event a reader has got none, and how far that goes', () => {
  const now = new Date('2026-01-05T09:00:00Z');
  expect(gapJson({ accountId: 'acc', after: 3, until: 17 }, now)).toEqual({
    id: '17',
    type: 'events.gap',
    time: '2026-01-05T09:00:00Z',
    account_id: 'acc',
    data: { after: '3', until: '17' },
  });
});
