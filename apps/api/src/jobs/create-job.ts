import { AppError, createJob as newJob, type Job, JOB_DEFAULTS } from '@automation/domain';

import type { ApiDependencies } from '../dependencies.ts';
import type { Keep } from '../http/answer-kept.ts';
import type { Caller } from '../http/route.ts';
import { announceCreated } from './announce-job.ts';
import { insertJob } from './insert-job.ts';
import { createdJobEntry } from './job-audit-entries.ts';
import { type CreateJobBody, toPatch } from './job-input.ts';

/** Creates a job of the caller's account (SPEC 1): its function must be there, its name free, its schedule ever due. */
export async function createJob(
  api: ApiDependencies,
  caller: Caller,
  body: CreateJobBody,
  keep: Keep<Job>,
): Promise<Job> {
  const { accountId } = caller;
  if ((body.account_id ?? accountId) !== accountId) {
    throw new AppError('FORBIDDEN', `forbidden: account_id ${body.account_id} is not the caller's account`);
  }
  await api.limits.storage.requireRoom();
  const { function_id: functionId, name, schedule } = body;
  const given = { ...toPatch(body), functionId, name, schedule: schedule.trim() };
  const job = newJob({ ...JOB_DEFAULTS, enabled: true, ...given, accountId }, api.clock.now());
  await insertJob(api, { job, entry: createdJobEntry(caller, job), keep });
  announceCreated(api, caller, job);
  return job;
}
