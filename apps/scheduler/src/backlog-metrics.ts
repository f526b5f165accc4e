import { PHASES } from '@automation/domain';
import type { TaskQueue } from '@automation/queue';
import { type Logger, withDeadline } from '@automation/service-kit';
import { countUnpublished, type Database, measureDueBacklog, readBriefly } from '@automation/store';
import { Gauge, type Registry } from 'prom-client';

export interface BacklogContext {
  db: Database;
  queue: Pick<TaskQueue, 'count'>;
  logger: Logger;
}

/** Well within the 10 s that Prometheus waits for a scrape. */
const DEADLINE_MS = 1_000;
/** What waits is counted no further: that there is very much is all that anybody has to know. */
const AT_MOST = 10_000;

const TASK_STATES = ['waiting', 'delayed', 'active'] as const;

/**
 * Shows at each scrape what waits by then: overdue jobs, tasks and events. While the database does not answer in time these
 * metrics have no values, rather than old ones.
 */
export function showBacklog(registry: Registry, context: BacklogContext): void {
  const registers = [registry];
  let reading: Promise<void> | null = null;
  // The metrics of a scrape are collected side by side: the first one reads for all.
  const collect = () => (reading ??= read().finally(() => (reading = null)));
  const dueJobs = new Gauge({
    name: 'automation_due_jobs',
    help: `Jobs that are overdue and not claimed yet; ${AT_MOST} stands for that many or more`,
    registers,
    collect,
  });
  const oldestDue = new Gauge({
    name: 'automation_oldest_due_seconds',
    help: 'For how long the oldest of the jobs that are not claimed yet is overdue; 0 if none is',
    registers,
    collect,
  });
  const tasks = new Gauge({
    name: 'automation_queue_tasks',
    help: 'Tasks that are waiting for a worker, delayed until their time, or active in the hands of one',
    labelNames: ['queue', 'state'],
    registers,
    collect,
  });
  const events = new Gauge({
    name: 'automation_events_waiting',
    help: `Events that are not published yet; ${AT_MOST} stands for that many or more`,
    registers,
    collect,
  });

  async function read(): Promise<void> {
    const backlog = await readBacklog(context);
    if (backlog === null) {
      dueJobs.remove();
      oldestDue.remove();
      tasks.reset();
      events.remove();
      return;
    }
    dueJobs.set(backlog.due.jobs);
    oldestDue.set(backlog.due.oldestSeconds);
    events.set(backlog.events);
    for (const queue of PHASES)
      for (const state of TASK_STATES) tasks.set({ queue, state }, backlog.tasks[queue][state]);
  }
}

/** Null if it can't be had in time. */
async function readBacklog({ db, queue, logger }: BacklogContext) {
  const read = () =>
    readBriefly(db, DEADLINE_MS, async (trx) => ({
      due: await measureDueBacklog(trx, AT_MOST),
      tasks: await queue.count(trx),
      events: await countUnpublished(trx, AT_MOST),
    }));
  try {
    return await withDeadline(DEADLINE_MS, read);
  } catch (error) {
    // The claim loop says so if the database is away.
    logger.debug('cannot measure the backlog', { error });
    return null;
  }
}
