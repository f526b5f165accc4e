import { type ChaosApi, field } from './chaos-api.ts';
import type { ChaosFunctions } from './chaos-functions.ts';
import type { Operation } from './evidence.ts';
import { planJobs } from './job-plans.ts';
import type { Random } from './random.ts';

const FUNCTIONS = 8;
const AT_ONCE = 8;

/** Where jobs are created, whom they ask, and where what was asked of the api is noted. */
export interface JobContext {
  api: Pick<ChaosApi, 'insist'>;
  functions: Pick<ChaosFunctions, 'url'>;
  operations: Operation[];
}

/** Registers the functions, and answers their ids. */
export async function createFunctions({ api, functions }: JobContext): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < FUNCTIONS; index++) {
    const body = { name: `function ${index}`, url: functions.url(`f${index}`), timeout_seconds: 5 };
    ids.push(String(field((await api.insist('POST', '/functions', { body })).body, 'id')));
  }
  return ids;
}

/** Creates the jobs that the seed chooses, and answers their ids. */
export async function createJobs(
  { api, operations }: JobContext,
  { functionIds, count, random }: { functionIds: readonly string[]; count: number; random: Random },
): Promise<string[]> {
  const plans = planJobs(count, random, Date.now());
  const ids: string[] = Array.from({ length: count });
  await inLanes(count, async (index) => {
    const sentAt = Date.now();
    const body = { ...plans[index], function_id: functionIds[index % functionIds.length] };
    const reply = await api.insist('POST', '/automation/jobs', { body });
    if (reply.status !== 201) throw new Error(`job refused: ${JSON.stringify(reply.body)}`);
    const job = String(field(reply.body, 'id'));
    ids[index] = job;
    operations.push({ job, kind: 'create', sentAt, answeredAt: Date.now(), status: 201, enabled: true });
  });
  return ids;
}

/** Disables jobs, so that all comes to an end. */
export async function disableJobs({ api, operations }: JobContext, jobs: readonly string[]): Promise<void> {
  await inLanes(jobs.length, async (index) => {
    const job = String(jobs[index]);
    const sentAt = Date.now();
    const { status } = await api.insist('DELETE', `/automation/jobs/${job}`);
    operations.push({ job, kind: 'disable', sentAt, answeredAt: Date.now(), status, enabled: false });
  });
}

/** Some at a time, so that neither the api nor the runner is flooded. */
async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const lane = async (first: number) => {
    for (let index = first; index < count; index += AT_ONCE) await work(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => lane(first)));
}
