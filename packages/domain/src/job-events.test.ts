import { createJob } from './create-job.ts';
import { type Job, JOB_DEFAULTS } from './job.ts';
import { eventsOfChange } from './job-events.ts';
import { updateJob } from './update-job.ts';

const NOW = new Date('2026-01-05T09:00:00Z');
const LATER = new Date('2026-01-05T10:00:00Z');

const job = createJob(
  { ...JOB_DEFAULTS, accountId: 'acc', functionId: 'fn', name: 'job', schedule: '@hourly', enabled: true },
  NOW,
);
const paused = updateJob(job, { enabled: false }, NOW);
const usedUp: Job = { ...job, runCount: 3 };

test.each<[string, Job, Parameters<typeof updateJob>[1], string[]]>([
  ['an edit', job, { name: 'other' }, ['job.updated']],
  ['disabling', job, { enabled: false }, ['job.updated', 'job.disabled']],
  ['enabling', paused, { enabled: true }, ['job.updated', 'job.enabled']],
  ['an edit that completes', usedUp, { maxRuns: 3 }, ['job.updated', 'job.completed']],
  [
    'one that does so to a disabled job',
    { ...paused, runCount: 3 },
    { maxRuns: 3 },
    ['job.updated', 'job.completed'],
  ],
  [
    'an edit that lifts a completion',
    updateJob(usedUp, { maxRuns: 3 }, NOW),
    { maxRuns: 4 },
    ['job.updated'],
  ],
])('%s tells of itself, and then of the status that it led to', (_what, before, patch, types) => {
  const after = updateJob(before, patch, LATER);
  const events = eventsOfChange(before, after, ['some_field']);
  expect(events.map(({ type }) => type)).toEqual(types);
  const { status, enabled, statusReason: reason, version } = after;
  for (const event of events)
    expect(event).toMatchObject({
      accountId: 'acc',
      jobId: job.id,
      executionId: null,
      data: { status, enabled, reason, version },
    });
  expect(events[0]?.data).toMatchObject({ changed: ['some_field'] });
});
