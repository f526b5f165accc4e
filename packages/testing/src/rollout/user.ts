import { setTimeout as delay } from 'node:timers/promises';

import { field } from '../chaos/chaos-api.ts';
import type { Operation } from '../chaos/evidence.ts';
import type { Random } from '../chaos/random.ts';
import type { PatientClient } from './patient-client.ts';

const LONGEST_PAUSE_MS = 60;
/** A new job in this many rounds; the others are about one that there is. */
const ROUNDS_PER_JOB = 8;

/** What the api has said that it has done. */
export interface UserNotes {
  /** Jobs, and the description that each was given last; null if that was not answered. */
  jobs: Map<string, string | null>;
  /** Executions of manual runs. */
  runs: Set<string>;
  /** Answers that were none of those that may be expected. */
  surprises: string[];
}

export interface UserContext {
  client: PatientClient;
  functionIds: readonly string[];
  operations: Operation[];
  notes: UserNotes;
  random: Random;
}

/** Somebody who creates, changes, runs and reads jobs of their own all the time, and knows what to expect. */
export async function useApi(context: UserContext, name: string, signal: AbortSignal): Promise<void> {
  const { random } = context;
  const own: string[] = [];
  for (let round = 0; !signal.aborted; round++) {
    if (round % ROUNDS_PER_JOB === 0) own.push(...(await createJob(context, `${name} ${round}`)));
    else await useJob(context, random.pick(own), round);
    await delay(random.between(0, LONGEST_PAUSE_MS));
  }
}

async function createJob(context: UserContext, name: string): Promise<string[]> {
  const { operations, notes, functionIds, random } = context;
  const sentAt = Date.now();
  const body = {
    function_id: random.pick(functionIds),
    name,
    schedule: '@every 3s',
    overlap_policy: 'queue',
    description: '',
  };
  const created = await ask(201, context, { method: 'POST', path: '/automation/jobs', body });
  if (created === null) return [];
  const job = String(field(created, 'id'));
  notes.jobs.set(job, '');
  operations.push({ job, kind: 'create', sentAt, answeredAt: Date.now(), status: 201, enabled: true });
  return [job];
}

async function useJob(context: UserContext, job: string, round: number): Promise<void> {
  const path = `/automation/jobs/${job}`;
  switch (context.random.weighted({ read: 4, list: 2, change: 3, run: 3, preview: 1 })) {
    case 'read':
      return readJob(context, job);
    case 'change':
      return changeJob(context, job, `round ${round}`);
    case 'run': {
      const run = await ask(202, context, { method: 'POST', path: `${path}/run` });
      if (run === null) return;
      const execution = String(field(run, 'id'));
      context.notes.runs.add(execution);
      await ask(200, context, { method: 'GET', path: `/automation/executions/${execution}` });
      return;
    }
    case 'list':
      await ask(200, context, { method: 'GET', path: '/automation/jobs?limit=20' });
      return;
    case 'preview': {
      const body = { schedule: '0 9 * * MON-FRI' };
      await ask(200, context, { method: 'POST', path: '/automation/schedules/preview', body });
    }
  }
}

async function changeJob(context: UserContext, job: string, description: string): Promise<void> {
  const request = { method: 'PATCH', path: `/automation/jobs/${job}`, body: { description } };
  const changed = await ask(200, context, request);
  context.notes.jobs.set(job, changed === null ? null : description);
}

async function readJob(context: UserContext, job: string): Promise<void> {
  const { notes } = context;
  const read = await ask(200, context, { method: 'GET', path: `/automation/jobs/${job}` });
  const wanted = notes.jobs.get(job) ?? null;
  if (read === null || wanted === null || field(read, 'description') === wanted) return;
  notes.surprises.push(
    `job ${job} has the description "${String(field(read, 'description'))}", not "${wanted}"`,
  );
}

/** Answers the body of an answer with this status, and null if there is none; what there is instead is noted. */
async function ask(
  status: number,
  { client, notes }: UserContext,
  { method, path, body }: { method: string; path: string; body?: object },
): Promise<unknown> {
  const reply = await client.insist(method, path, body === undefined ? {} : { body });
  if (reply.status === status) return reply.body;
  // Whatever is no answer, or a 5xx, the client has noted itself.
  if (reply.status !== null && reply.status < 500) {
    notes.surprises.push(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  }
  return null;
}
