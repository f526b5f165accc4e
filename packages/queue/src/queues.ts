import type { Phase } from '@automation/domain';
import { sql } from 'kysely';
import type { Queue } from 'pg-boss';

/** The queue of each phase's tasks. */
export const QUEUES = { check: 'automation.check', perform: 'automation.perform' } as const satisfies Record<
  Phase,
  string
>;

/** Schema of pg-boss's own tables, beside ours. */
export const SCHEMA = 'pgboss';
/** Its tasks, of whatever queue. */
export const JOBS = sql.table(`${SCHEMA}.job`);

/** A worker that has not touched its task for this long is dead: the task is handed out again (SPEC 3). */
const HEARTBEAT_SECONDS = 10;
/** How often a live worker touches the tasks that it holds. */
export const TOUCH_INTERVAL_MS = 3_000;
/** How often the schedulers look for dead workers' tasks; with the heartbeat it has to stay under 15 s. */
export const SUPERVISE_SECONDS = 2;

export const QUEUE_OPTIONS = {
  // A table of its own for each queue: the two don't share indexes or vacuum.
  partition: true,
  notify: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // The heartbeat tells dead from slow, so a task of slow functions may take its time.
  expireInSeconds: 23 * 3_600,
  // pg-boss retries tasks of dead workers only, and no number of those loses an execution.
  retryLimit: 1_000_000,
  retryDelay: 0,
  retentionSeconds: 365 * 86_400,
} satisfies Omit<Queue, 'name'>;
