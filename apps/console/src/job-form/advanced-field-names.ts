import type { JobFieldName } from './job-field.ts';

/** Fields that most jobs leave as they are. */
export const ADVANCED_FIELDS: readonly JobFieldName[] = [
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
];
