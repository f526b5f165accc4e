import { EXECUTION_STATUSES, type ExecutionStatus } from '@automation/domain';
import type { StatusCount } from '@automation/store';
import Joi from 'joi';

import { instant, instantSchema } from '../http/instant.ts';
import { findProblems } from './find-problems.ts';
import type { Overview } from './read-overview.ts';

/** The overview as it is answered. */
export type OverviewJson = ReturnType<typeof overviewJson>;

const MINUTE_MS = 60_000;

export function overviewJson(overview: Overview) {
  const { at, recent, recentFrom, lag, due, tasks, failing, paused } = overview;
  const minuteAgo = new Date(at.getTime() - MINUTE_MS);
  const lastMinute = { from: recentFrom > minuteAgo ? recentFrom : minuteAgo, at };
  return {
    at: instant(at),
    problems: findProblems(overview),
    replicas: overview.replicas.map((replica) => ({
      service: replica.service,
      name: replica.name,
      connections: replica.connections,
      connected_since: instant(replica.connectedSince),
      last_active_at: instant(replica.lastActiveAt),
    })),
    last_minute: outcomesJson(lastMinute, recent, ({ late }) => late),
    last_5_minutes: outcomesJson({ from: recentFrom, at }, recent, ({ count }) => count),
    dispatch_lag_ms: lag && { p50: lag.p50, p99: lag.p99 },
    backlog: {
      due_jobs: due.jobs,
      oldest_due_seconds: due.oldestSeconds,
      tasks: { check: { ...tasks.check }, perform: { ...tasks.perform } },
    },
    failing_functions: {
      from: instant(failing.from),
      functions: failing.functions.map((fn) => ({
        function_id: fn.functionId,
        account_id: fn.accountId,
        name: fn.name,
        failed: fn.failed,
        finished: fn.finished,
        last_reason: fn.lastReason,
      })),
    },
    paused_jobs: {
      count: paused.count,
      jobs: paused.jobs.map(({ id, accountId, functionId, name, reason }) => ({
        id,
        account_id: accountId,
        function_id: functionId,
        name,
        reason,
      })),
    },
  };
}

function outcomesJson(
  { from, at }: { from: Date; at: Date },
  counts: readonly StatusCount[],
  countOf: (count: StatusCount) => number,
) {
  const count = (...statuses: ExecutionStatus[]) =>
    counts.reduce((sum, each) => (statuses.includes(each.status) ? sum + countOf(each) : sum), 0);
  const seconds = Math.max(1, (at.getTime() - from.getTime()) / 1_000);
  const total = count(...EXECUTION_STATUSES);
  return {
    from: instant(from),
    per_second: Math.round((100 * total) / seconds) / 100,
    succeeded: count('succeeded'),
    declined: count('declined'),
    failed: count('failed'),
    timed_out: count('timed_out'),
    cancelled: count('cancelled'),
    skipped: count('skipped'),
    open: count('pending', 'checking', 'performing'),
  };
}

const number = (description: string) => Joi.number().min(0).required().description(description);
const text = (description: string) => Joi.string().allow('').required().description(description);

const outcomes = (what: string) =>
  Joi.object({
    from: instantSchema(
      'From when on they were scheduled; there are more than are looked at if that is shorter ago.',
    ),
    per_second: number('All of them, each second.'),
    succeeded: number('Performed.'),
    declined: number('Checked, and the function said no.'),
    failed: number('Failed, retries included.'),
    timed_out: number('Not finished in time.'),
    cancelled: number('Cancelled.'),
    skipped: number('Skipped.'),
    open: number('Not finished yet.'),
  })
    .required()
    .description(`Executions that were scheduled in the last ${what}, by what became of them.`);

const tasks = Joi.object({
  waiting: number('May be taken, and no worker has.'),
  delayed: number('Not to be taken before their time.'),
  active: number("In workers' hands."),
}).required();

const fn = Joi.object({
  function_id: text('Its id.'),
  account_id: text('Whose it is.'),
  name: text('Its name.').allow(null),
  failed: number('Executions that failed or timed out.'),
  finished: number('All of its executions that finished.'),
  last_reason: text('Why the latest of them did.').allow(null),
});

const pausedJob = Joi.object({
  id: Joi.string().uuid().required(),
  account_id: text('Whose it is.'),
  function_id: text('Its function.'),
  name: text('Its name.'),
  reason: text('Why the service has paused it.'),
});

const replica = Joi.object({
  service: text('`api`, `scheduler` or `worker`.'),
  name: text('Machine and process id.'),
  connections: number('Its connections to the database.'),
  connected_since: instantSchema('When the oldest of them was made.'),
  last_active_at: instantSchema('When the database last had anything to do for it.'),
});

export const overviewSchema = Joi.object<OverviewJson>({
  at: instantSchema('When this was.'),
  problems: Joi.array()
    .items(Joi.string())
    .required()
    .description('What a person should look at now, the worst first.'),
  replicas: Joi.array().items(replica).required().description('Processes connected to the database.'),
  last_minute: outcomes('minute'),
  last_5_minutes: outcomes('5 minutes'),
  dispatch_lag_ms: Joi.object({ p50: number('Half of them at most.'), p99: number('All but 1 % at most.') })
    .allow(null)
    .required()
    .description('From when executions of the last 5 minutes were due to when a worker took them up.'),
  backlog: Joi.object({
    due_jobs: number('Jobs that are due and not claimed yet, 10,000 at most.'),
    oldest_due_seconds: number('For how long the oldest of them has been due.'),
    tasks: Joi.object({ check: tasks, perform: tasks })
      .required()
      .description('Tasks, each of one execution or of many.'),
  }).required(),
  failing_functions: Joi.object({
    from: instantSchema(
      'From when on executions are counted: an hour ago, or as far back as the last 20,000 go.',
    ),
    functions: Joi.array().items(fn).required().description('Those with the most failures, at most 10.'),
  }).required(),
  paused_jobs: Joi.object({
    count: number('How many there are, 1,000 at most.'),
    jobs: Joi.array().items(pausedJob).required().description('The newest of them, at most 20.'),
  })
    .required()
    .description('Jobs that the service has paused by itself.'),
}).id('Overview');
