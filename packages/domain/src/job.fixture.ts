import { createJob, type NewJob } from './create-job.ts';
import { type Job, JOB_DEFAULTS } from './job.ts';

/** When the jobs of the tests are created: a Monday, at midnight. */
export const CREATED_AT = new Date('2025-12-01T00:00:00Z');

/** A definition of which only what the test is about is of interest. */
export function buildDefinition(changes: Partial<NewJob> = {}): NewJob {
  return {
    ...JOB_DEFAULTS,
    accountId: 'acc-1',
    functionId: 'fn-1',
    name: 'Nightly report',
    schedule: '@hourly',
    enabled: true,
    ...changes,
  };
}

/** A job as it is created, then moved on to a state. It is frozen: rules answer a new job and leave the old one be. */
export function buildJob(definition: Partial<NewJob> = {}, state: Partial<Job> = {}): Job {
  return Object.freeze({ ...createJob(buildDefinition(definition), CREATED_AT), ...state });
}
