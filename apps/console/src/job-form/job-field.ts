import type { Choice } from '../components/select-field.tsx';

/** Fields that most jobs leave as they are. */
export const ADVANCED_FIELDS = [
  'overlap_policy',
  'catch_up_policy',
  'catch_up_window_seconds',
  'jitter_seconds',
  'start_at',
  'end_at',
  'max_runs',
  'retry_limit',
  'timeout_seconds',
  'pause_after_failures',
  'metadata',
] as const;

/** The fields of a job that a user sets (SPEC 1), in the order in which they are shown. */
export const JOB_FIELD_NAMES = [
  'name',
  'description',
  'function_id',
  'schedule',
  'timezone',
  'enabled',
  'payload',
  ...ADVANCED_FIELDS,
] as const;

export type JobFieldName = (typeof JOB_FIELD_NAMES)[number];

/** How a field is edited, and how its text is read. */
export type JobFieldKind =
  'line' | 'text' | 'function' | 'schedule' | 'timezone' | 'choice' | 'number' | 'instant' | 'json';

export interface JobField {
  label: string;
  kind: JobFieldKind;
  /** What it is for. */
  description?: string;
  choices?: readonly Choice<string>[];
}

const OVERLAP: readonly Choice<string>[] = [
  { value: 'skip', label: 'Skip the occurrence' },
  { value: 'queue', label: 'Queue it, one at most' },
  { value: 'allow', label: 'Run them side by side' },
];

const CATCH_UP: readonly Choice<string>[] = [
  { value: 'latest', label: 'Run once for all of them' },
  { value: 'all', label: 'Run each, oldest first' },
  { value: 'none', label: 'Run none' },
];

const ENABLED: readonly Choice<string>[] = [
  { value: 'true', label: 'Active' },
  { value: 'false', label: 'Paused' },
];

export const JOB_FIELDS: Record<JobFieldName, JobField> = {
  name: { label: 'Name', kind: 'line', description: 'Unique among your jobs.' },
  description: { label: 'Description', kind: 'text' },
  function_id: { label: 'Function', kind: 'function' },
  schedule: { label: 'Schedule', kind: 'schedule' },
  timezone: { label: 'Time zone', kind: 'timezone' },
  enabled: { label: 'Status', kind: 'choice', choices: ENABLED },
  payload: {
    label: 'Payload',
    kind: 'json',
    description: 'A JSON object that the function is sent; automation_job and phase are added.',
  },
  overlap_policy: {
    label: 'Overlap',
    kind: 'choice',
    choices: OVERLAP,
    description: 'What becomes of an occurrence while the previous run has not finished.',
  },
  catch_up_policy: {
    label: 'Catch-up',
    kind: 'choice',
    choices: CATCH_UP,
    description: 'What becomes of occurrences that were missed, as by an outage.',
  },
  catch_up_window_seconds: {
    label: 'Catch-up window, seconds',
    kind: 'number',
    description: 'How far back missed occurrences are run, if each is.',
  },
  jitter_seconds: {
    label: 'Jitter, seconds',
    kind: 'number',
    description: 'Delays each occurrence by a stable amount up to this.',
  },
  start_at: { label: 'Not before', kind: 'instant' },
  end_at: { label: 'Not after', kind: 'instant', description: 'The job is completed then.' },
  max_runs: {
    label: 'Most runs',
    kind: 'number',
    description: 'Performs after which the job is completed; 0 is unlimited.',
  },
  retry_limit: {
    label: 'Retries',
    kind: 'number',
    description: 'Attempts after the first one, of each phase.',
  },
  timeout_seconds: {
    label: 'Time-out, seconds',
    kind: 'number',
    description: 'Of each attempt; empty takes the function’s.',
  },
  pause_after_failures: {
    label: 'Pause after failures',
    kind: 'number',
    description: 'Failed runs in a row after which the job is paused; 0 is never.',
  },
  metadata: { label: 'Metadata', kind: 'json', description: 'A JSON object of your own notes.' },
};
