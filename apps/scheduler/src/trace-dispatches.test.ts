import { type Admission, newId, type PlannedExecution } from '@automation/domain';
import { type FinishedSpan, noTracer, type Tracer } from '@automation/service-kit';

import type { Claim } from './claim-batch.ts';
import { traceDispatches } from './trace-dispatches.ts';

const scheduledFor = new Date('2026-01-01T00:00:00Z');
const dueAt = new Date('2026-01-01T00:00:07Z');

function planned(admission: Admission): PlannedExecution {
  const ids = { id: newId(scheduledFor), jobId: 'job', accountId: 'acc', functionId: 'fn' };
  return { ...ids, ...admission, trigger: 'schedule', scheduledFor, dueAt };
}

const claimOf = (executions: PlannedExecution[]): Claim => ({
  now: dueAt,
  jobs: executions.length,
  executions,
  missed: [],
  ended: [],
});

function recordingTracer(): { tracer: Tracer; spans: FinishedSpan[] } {
  const spans: FinishedSpan[] = [];
  return { tracer: { ...noTracer, isOn: true, report: (span) => void spans.push(span) }, spans };
}

test('each execution of a claim is a span from when it was due, jitter included, to the commit', () => {
  const { tracer, spans } = recordingTracer();
  const before = new Date();
  traceDispatches(
    tracer,
    claimOf([
      planned({ state: 'ready', reason: null }),
      planned({ state: 'waiting', reason: null }),
      planned({ state: 'skipped', reason: 'overlap' }),
    ]),
  );
  expect(spans.map(({ startedAt }) => startedAt)).toEqual([dueAt, dueAt, dueAt]);
  for (const { endedAt } of spans) expect(endedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(spans.map(({ attributes }) => [attributes['outcome'], attributes['reason']])).toEqual([
    ['ready', undefined],
    ['waiting', undefined],
    ['skipped', 'overlap'],
  ]);
  expect(spans[0]?.attributes['scheduled_for']).toBe('2026-01-01T00:00:00Z');
});

test('while tracing is off nothing is put together', () => {
  let reports = 0;
  const tracer = { ...noTracer, report: () => void (reports += 1) };
  traceDispatches(tracer, claimOf([planned({ state: 'ready', reason: null })]));
  expect(reports).toBe(0);
});
