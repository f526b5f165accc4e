import type { Job } from '../api/job.ts';
import type { JsonObject } from '../api/json-value.ts';
import { JOB_FIELD_NAMES, type JobFieldName } from './job-field.ts';

/** A job as it is being written: each field is a text until it is sent. */
export type JobDraft = Readonly<Record<JobFieldName, string>>;

/** What the api takes for fields that are not given. */
export const NEW_JOB: JobDraft = {
  name: '',
  description: '',
  function_id: '',
  schedule: '',
  timezone: 'UTC',
  enabled: 'true',
  payload: '{}',
  overlap_policy: 'skip',
  catch_up_policy: 'latest',
  catch_up_window_seconds: '86400',
  jitter_seconds: '0',
  start_at: '',
  end_at: '',
  max_runs: '0',
  retry_limit: '2',
  timeout_seconds: '',
  pause_after_failures: '0',
  metadata: '{}',
};

/** A job as a draft. */
export function draftOf(job: Job): JobDraft {
  return {
    name: job.name,
    description: job.description,
    function_id: job.function_id,
    schedule: job.schedule,
    timezone: job.timezone,
    enabled: String(job.enabled),
    payload: jsonText(job.payload),
    overlap_policy: job.overlap_policy,
    catch_up_policy: job.catch_up_policy,
    catch_up_window_seconds: String(job.catch_up_window_seconds),
    jitter_seconds: String(job.jitter_seconds),
    start_at: job.start_at ?? '',
    end_at: job.end_at ?? '',
    max_runs: String(job.max_runs),
    retry_limit: String(job.retry_limit),
    timeout_seconds: job.timeout_seconds === null ? '' : String(job.timeout_seconds),
    pause_after_failures: String(job.pause_after_failures),
    metadata: jsonText(job.metadata),
  };
}

/** The draft of another job like this one, active and under a name that is not taken by it. */
export function duplicateOf(job: Job): JobDraft {
  return { ...draftOf(job), name: `${job.name} (copy)`, enabled: 'true' };
}

/** The fields in which two drafts differ. */
export function changedFields(before: JobDraft, after: JobDraft): JobFieldName[] {
  return JOB_FIELD_NAMES.filter((name) => before[name] !== after[name]);
}

/** A draft of `before`, moved to a newer version of the job: what the user has not touched is what it is there. */
export function rebase(draft: JobDraft, before: JobDraft, newer: JobDraft): JobDraft {
  return changedFields(before, draft).reduce((moved, name) => ({ ...moved, [name]: draft[name] }), newer);
}

function jsonText(value: JsonObject): string {
  return JSON.stringify(value, null, 2);
}
