import {
  type AuditAction,
  auditLogEntry,
  type AuditLogEntry,
  changedFields,
  type Execution,
  type Job,
  type JobPatch,
  type JsonObject,
  type Origin,
} from '@automation/domain';

import { jobJson } from './job-json.ts';

/** What the audit log says of a new job. */
export function createdJobEntry(origin: Origin, job: Job): AuditLogEntry {
  const { id: targetId, accountId, createdAt } = job;
  const change = { accountId, targetId, action: 'job.created', before: null, after: keptOf(job) } as const;
  return auditLogEntry(origin, change, createdAt);
}

/** A job before and after a request, and what the request said. */
export interface ChangedJob {
  before: Job;
  after: Job;
  patch: JobPatch;
}

/** What it says of a changed job: one entry for each request, which is named after the most that it did. */
export function changedJobEntry(origin: Origin, change: ChangedJob, at: Date): AuditLogEntry {
  const { before, after } = change;
  const { id: targetId, accountId } = after;
  const states = changedFields(keptOf(before), keptOf(after));
  return auditLogEntry(origin, { accountId, targetId, action: actionOf(change), ...states }, at);
}

function actionOf({ before, after, patch }: ChangedJob): AuditAction {
  if (after.enabled && !before.enabled) return 'job.enabled';
  if (after.status === 'completed' && before.status !== 'completed') return 'job.completed';
  return patch.enabled === false ? 'job.disabled' : 'job.updated';
}

/** What it says of a job that is run by request. */
export function runJobEntry(origin: Origin, { id, jobId, accountId }: Execution, at: Date): AuditLogEntry {
  const run = { action: 'job.run', before: null, after: { execution_id: id } } as const;
  return auditLogEntry(origin, { accountId, targetId: jobId, ...run }, at);
}

/**
 * Of a job all that a user says of it, payload and metadata included since the log is the account's own, and its status.
 * What its runs come to is in its executions.
 */
function keptOf(job: Job): JsonObject {
  const {
    id: _id,
    account_id: _owner,
    run_count: _runs,
    check_count: _checks,
    consecutive_failures: _failures,
    last_run: _last,
    next_run: _next,
    created_at: _created,
    updated_at: _updated,
    ...kept
  } = jobJson(job);
  return { ...kept, status_reason: job.statusReason };
}
