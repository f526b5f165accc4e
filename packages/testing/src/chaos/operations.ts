import { setTimeout as delay } from 'node:timers/promises';

import { type ChaosApi, field } from './chaos-api.ts';
import type { Operation } from './evidence.ts';
import { planSchedule } from './job-plans.ts';
import type { Random } from './random.ts';

const KINDS = { edit: 25, reschedule: 10, pause: 20, resume: 25, run: 15, cancel: 20, disable: 5 };
type Kind = keyof typeof KINDS;

export interface OperatorContext {
  api: ChaosApi;
  random: Random;
  jobs: readonly string[];
  operations: Operation[];
  /** How many a second. */
  rate: number;
}

/** A user who changes, pauses, resumes, runs and cancels while everything goes on. */
export async function operate(context: OperatorContext, signal: AbortSignal): Promise<void> {
  const { random, rate } = context;
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    const operation = operateOn(context, random.pick(context.jobs), random.weighted(KINDS));
    underWay.add(operation);
    void operation.finally(() => underWay.delete(operation));
    await delay(random.between(0, 2_000 / rate), undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(underWay);
}

async function operateOn(context: OperatorContext, job: string, kind: Kind): Promise<void> {
  const path = `/automation/jobs/${job}`;
  switch (kind) {
    case 'edit':
      return ask(context, { job, kind, method: 'PATCH', path, body: editOf(context.random) });
    case 'reschedule':
      return ask(context, {
        job,
        kind,
        method: 'PATCH',
        path,
        body: { schedule: planSchedule(context.random) },
      });
    case 'pause':
      return ask(context, { job, kind, method: 'PATCH', path, body: { enabled: false } });
    case 'resume':
      return ask(context, { job, kind, method: 'PATCH', path, body: { enabled: true } });
    case 'disable':
      return ask(context, { job, kind, method: 'DELETE', path });
    case 'run':
      return ask(context, { job, kind, method: 'POST', path: `${path}/run` });
    case 'cancel':
      return cancelOne(context, job);
  }
}

function editOf(random: Random): object {
  return random.pick<() => object>([
    () => ({ jitter_seconds: random.between(0, 4) }),
    () => ({ payload: { edited: random.between(1, 1_000) } }),
    () => ({ catch_up_policy: random.pick(['latest', 'all', 'none']) }),
    () => ({ retry_limit: random.between(0, 2), timeout_seconds: random.between(2, 6) }),
    () => ({ description: `edited ${random.between(1, 1_000)}` }),
  ])();
}

async function cancelOne(context: OperatorContext, job: string): Promise<void> {
  const { body } = await context.api.ask('GET', `/automation/jobs/${job}/executions?limit=5`);
  const open = (Array.isArray(body) ? body : []).find(
    (execution) => field(execution, 'duration_ms') === null,
  );
  if (open === undefined) return;
  const path = `/automation/executions/${String(field(open, 'id'))}/cancel`;
  await ask(context, { job, kind: 'cancel', method: 'POST', path });
}

async function ask(
  { api, operations }: Pick<OperatorContext, 'api' | 'operations'>,
  {
    job,
    kind,
    method,
    path,
    body,
  }: { job: string; kind: string; method: string; path: string; body?: object },
): Promise<void> {
  const sentAt = Date.now();
  const operation: Operation = { job, kind, sentAt, answeredAt: Infinity, status: null, enabled: null };
  // Known from when it is sent: without an answer it may have happened all the same.
  operations.push(operation);
  const reply = await api.ask(method, path, body);
  const enabled = field(reply.body, 'enabled');
  operation.answeredAt = Date.now();
  operation.status = reply.status;
  operation.enabled = typeof enabled === 'boolean' ? enabled : null;
}
