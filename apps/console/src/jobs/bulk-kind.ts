import type { Api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import type { Execution } from '../api/execution.ts';
import type { Job } from '../api/job.ts';

/** What can be done with many jobs at once. `cancel` takes back `run`. */
export type BulkKind = 'pause' | 'resume' | 'run' | 'cancel';

/** A job, and the execution that was started of it. */
export interface Target {
  job: Job;
  /** Null if none was, or if it can't be cancelled any more. */
  executionId: string | null;
}

interface KindOfBulk {
  underWay: string;
  /** For whom it is; it is not offered for others. */
  isFor: (job: Job) => boolean;
  /** How a job is shown until the api has answered. */
  expected: Partial<Job>;
  /** Does it, and answers what has come of it. */
  work: (api: Api, target: Target) => Promise<Target>;
  /** What takes it back. */
  undo: BulkKind | null;
}

const KINDS: Record<BulkKind, KindOfBulk> = {
  pause: {
    underWay: 'Pausing',
    isFor: ({ status }) => status === 'active',
    expected: { status: 'paused', enabled: false, next_run: null },
    work: (api, target) => enable(api, target, false),
    undo: 'resume',
  },
  resume: {
    underWay: 'Resuming',
    isFor: ({ status }) => status === 'paused',
    expected: { status: 'active', enabled: true },
    work: (api, target) => enable(api, target, true),
    undo: 'pause',
  },
  run: {
    underWay: 'Starting',
    isFor: ({ status }) => status !== 'completed',
    expected: {},
    work: async (api, { job }) => {
      const { id } = await api.make<Execution>(`/automation/jobs/${job.id}/run`);
      return { job, executionId: id };
    },
    undo: 'cancel',
  },
  cancel: {
    underWay: 'Cancelling',
    isFor: () => true,
    expected: {},
    work: cancel,
    undo: null,
  },
};

export function bulkKind(kind: BulkKind): KindOfBulk {
  return KINDS[kind];
}

async function enable(api: Api, { job }: Target, enabled: boolean): Promise<Target> {
  const changed = await api.send<Job>(`/automation/jobs/${job.id}`, { method: 'PATCH', body: { enabled } });
  return { job: changed, executionId: null };
}

/** An execution that has finished meanwhile is not cancelled, which is no failure. */
async function cancel(api: Api, target: Target): Promise<Target> {
  try {
    await api.send<Execution>(`/automation/executions/${target.executionId}/cancel`, { method: 'POST' });
    return target;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'CONFLICT') return { ...target, executionId: null };
    throw error;
  }
}
