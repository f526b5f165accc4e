import { type Attempt, type AttemptResult, type JsonObject, type Phase, settle } from '@automation/domain';
import { Registry } from 'prom-client';

import { ExecutionMetrics } from './execution-metrics.ts';
import { BoundedJobLabels } from './job-labels.ts';

const succeeded = (output: JsonObject): AttemptResult => ({
  kind: 'succeeded',
  httpStatus: 200,
  output,
  logs: [],
});
const SUCCEEDED = succeeded({});
const DECLINED = succeeded({ shouldPerform: false });
const UNAVAILABLE: AttemptResult = {
  kind: 'unavailable',
  httpStatus: null,
  error: 'reset',
  retryAfterMs: null,
};
const REJECTED: AttemptResult = { kind: 'rejected', httpStatus: 404, error: 'no', output: {}, logs: [] };

function setup(maxJobs = 10) {
  const registry = new Registry();
  const metrics = new ExecutionMetrics(registry, new BoundedJobLabels(maxJobs));
  const record = (
    result: AttemptResult,
    { phase = 'check', retryLimit = 0, jobId = 'job' }: Options = {},
  ) => {
    const settlement = settle(attemptOf(jobId, phase, retryLimit), result);
    metrics.recorded({ jobId, accountId: 'acc' }, settlement, result.kind);
  };
  /** The samples of a name that are not 0, as `labels value`. */
  const samples = async (name: string) =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && !line.endsWith(' 0'))
      .map((line) => line.slice(name.length));
  return { registry, record, samples };
}

interface Options {
  phase?: Phase;
  retryLimit?: number;
  jobId?: string;
}

/** The first attempt of a phase, which took 2 s. */
function attemptOf(jobId: string, phase: Phase, retryLimit: number): Attempt {
  return {
    executionId: 'execution',
    jobId,
    phase,
    number: 1,
    retryLimit,
    timeoutMs: 30_000,
    payload: {},
    input: {},
    startedAt: new Date(10_000),
    completedAt: new Date(12_000),
  };
}

test.each<[string, AttemptResult, Phase, string]>([
  ['performed', SUCCEEDED, 'perform', 'outcome="succeeded",reason="none"'],
  ['declined', DECLINED, 'check', 'outcome="declined",reason="none"'],
  ['not reached', UNAVAILABLE, 'check', 'outcome="failed",reason="unavailable"'],
  ['refused', REJECTED, 'perform', 'outcome="failed",reason="rejected"'],
  ['gone', { kind: 'gone', httpStatus: 410, error: 'x' }, 'check', 'outcome="failed",reason="gone"'],
  [
    'late',
    { kind: 'timed_out', httpStatus: null, error: 'x' },
    'check',
    'outcome="timed_out",reason="timed_out"',
  ],
])('an execution that ends %s is counted by its outcome and reason', async (_what, result, phase, labels) => {
  const { record, samples } = setup();
  record(result, { phase });
  expect(await samples('automation_executions_finished_total')).toEqual([`{${labels}} 1`]);
});

test('every way to end is shown before the first execution, so that its first one is an increase', async () => {
  const text = await setup().registry.metrics();
  const shown = text.match(/^automation_executions_finished_total\{.*\} 0$/gm);
  expect(shown).toHaveLength(6);
});

test('an attempt that is followed by another is measured, but ends nothing', async () => {
  const { record, samples } = setup();
  record(UNAVAILABLE, { phase: 'perform', retryLimit: 1 });
  record(SUCCEEDED);
  expect(await samples('automation_executions_finished_total')).toEqual([]);
  expect(await samples('automation_job_runs_total')).toEqual([]);
  expect(await samples('automation_execution_duration_sum')).toEqual([
    '{job_id="job",phase="perform"} 2',
    '{job_id="job",phase="check"} 2',
  ]);
  expect(await samples('automation_execution_success_sum')).toEqual(['{job_id="job",phase="check"} 1']);
  expect(await samples('automation_execution_success_count')).toHaveLength(2);
});

test('a perform that ends is a run, whether it succeeded or failed', async () => {
  const { record, samples } = setup();
  record(SUCCEEDED, { phase: 'perform' });
  record(REJECTED, { phase: 'perform' });
  record(REJECTED);
  expect(await samples('automation_job_runs_total')).toEqual(['{job_id="job",account_id="acc"} 2']);
});

test('what the function will complete later is not counted yet', async () => {
  const { record, samples } = setup();
  record({ kind: 'accepted', httpStatus: 202, withinMs: null });
  expect(await samples('automation_execution_duration_count')).toEqual([]);
  expect(await samples('automation_executions_finished_total')).toEqual([]);
});

test('jobs beyond the bound share their series', async () => {
  const { record, samples } = setup(1);
  for (const jobId of ['a', 'b', 'c']) record(SUCCEEDED, { phase: 'perform', jobId });
  expect(await samples('automation_job_runs_total')).toEqual([
    '{job_id="a",account_id="acc"} 1',
    '{job_id="_other",account_id="_other"} 2',
  ]);
  expect(await samples('automation_execution_duration_count')).toEqual([
    '{job_id="a",phase="perform"} 1',
    '{job_id="_other",phase="perform"} 2',
  ]);
});
