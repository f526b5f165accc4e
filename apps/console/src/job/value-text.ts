import type { Job } from '../api/job.ts';
import { durationText } from '../components/duration-text.ts';
import { draftOf } from '../job-form/job-draft.ts';
import { JOB_FIELDS, type JobFieldName } from '../job-form/job-field.ts';

/** What a number of a job stands for, where that is more than the number. */
const MEANING: Partial<Record<JobFieldName, (value: number) => string>> = {
  catch_up_window_seconds: secondsText,
  jitter_seconds: (value) => (value === 0 ? 'None' : `Up to ${secondsText(value)}`),
  timeout_seconds: secondsText,
  max_runs: (value) => (value === 0 ? 'Unlimited' : value.toLocaleString()),
  pause_after_failures: (value) => (value === 0 ? 'Never' : `${value} in a row`),
};

/** What a field of a job holds, in words. */
export function valueText(name: JobFieldName, job: Job): string {
  if (name === 'timeout_seconds' && job.timeout_seconds === null) return 'The function’s';
  const text = draftOf(job)[name];
  const { choices = [], kind } = JOB_FIELDS[name];
  if (kind === 'choice') return choices.find(({ value }) => value === text)?.label ?? text;
  return MEANING[name]?.(Number(text)) ?? text;
}

function secondsText(seconds: number): string {
  return durationText(1_000 * seconds);
}
