import type { ExecutionStatus } from '@automation/domain';

import type { Overview } from './read-overview.ts';

/** These are the thresholds of the alert rules in infra/prometheus. */
const OLDEST_DUE_SECONDS = 30;
const SLOW_LAG_MS = 5_000;
const FAILING_SHARE = 0.5;
const FEW_EXECUTIONS = 20;

const FAILED: readonly ExecutionStatus[] = ['failed', 'timed_out'];
const FINISHED: readonly ExecutionStatus[] = [...FAILED, 'succeeded', 'declined'];

/** What a person should look at now, one sentence each, the worst first. */
export function findProblems(overview: Overview): string[] {
  return [
    ...missingServices(overview),
    ...stuckJobs(overview),
    ...slowDispatch(overview),
    ...failingExecutions(overview),
  ];
}

function missingServices({ replicas }: Overview): string[] {
  const isConnected = (service: string) => replicas.some((replica) => replica.service === service);
  return [
    ...(isConnected('scheduler') ? [] : ['no scheduler is connected: due jobs are not claimed']),
    ...(isConnected('worker') ? [] : ['no worker is connected: no function is invoked']),
  ];
}

function stuckJobs({ due }: Overview): string[] {
  if (due.oldestSeconds <= OLDEST_DUE_SECONDS) return [];
  return [
    `${due.jobs} due jobs are not claimed, the oldest of them for ${Math.round(due.oldestSeconds)} seconds`,
  ];
}

function slowDispatch({ lag }: Overview): string[] {
  if (lag === null || lag.p99 <= SLOW_LAG_MS) return [];
  return [`executions begin late: 1 % of them by ${(lag.p99 / 1_000).toFixed(1)} seconds or more`];
}

/** One function's failing is its owner's affair; half of all is ours. */
function failingExecutions({ recent }: Overview): string[] {
  const count = (statuses: readonly ExecutionStatus[]) =>
    recent.reduce((sum, { status, count: of }) => (statuses.includes(status) ? sum + of : sum), 0);
  const [failed, finished] = [count(FAILED), count(FINISHED)];
  if (finished <= FEW_EXECUTIONS || failed <= finished * FAILING_SHARE) return [];
  return [`most executions fail: ${failed} of the last ${finished}`];
}
