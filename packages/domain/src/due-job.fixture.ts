import { CREATED_AT } from './job.fixture.ts';
import type { NewJob } from './create-job.ts';
import { createJob } from './create-job.ts';
import { buildDefinition } from './job.fixture.ts';
import type { Job } from './job.ts';
import type { DueJob } from './plan-claim.ts';

/** A job as a claim finds it: due since its first occurrence after it was created. */
export function buildDueJob(definition: Partial<NewJob> = {}, state: Partial<Job> = {}): DueJob {
  const job = { ...createJob(buildDefinition(definition), CREATED_AT), ...state };
  const { nextRun, nextOccurrence } = job;
  if (nextRun === null || nextOccurrence === null) throw new Error('the job is not due');
  return { ...job, nextRun, nextOccurrence };
}
