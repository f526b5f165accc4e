import { type Job, newId, packTasks } from '@automation/domain';
import { newTask, type NewTask } from '@automation/queue';
import { insertExecutions } from '@automation/store';
import { waitUntil } from '@automation/testing';

import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

const FLOOD = 10_000;

let workers: TestWorkers;

beforeAll(async () => {
  workers = await openTestWorkers();
});

afterEach(() => workers.stopAll());

afterAll(() => workers.dispose());

/** A job whose function takes every request and never answers. */
async function jobThatHangs() {
  const created = await workers.newJob({ overlapPolicy: 'allow', timeoutSeconds: 900 });
  workers.server.script(created.path, () => 'hang');
  return created;
}

async function jobThatAnswers() {
  const created = await workers.newJob();
  workers.server.script(created.path, () => ({ body: { shouldPerform: true } }));
  return created;
}

interface Occurrence {
  id: string;
  accountId: string;
  job: Job;
  scheduledFor: Date;
}

/** A job's next occurrences, none of which the ledger has. */
function occurrencesOf(job: Job, count: number): Occurrence[] {
  const first = Date.now() - count;
  return Array.from({ length: count }, (_, n) => {
    const scheduledFor = new Date(first + n);
    return { id: newId(scheduledFor), accountId: job.accountId, job, scheduledFor };
  });
}

/** Writes tasks and their executions, as a claim does. */
async function enqueue(tasks: { task: NewTask; occurrences: readonly Occurrence[] }[]): Promise<void> {
  const executions = tasks.flatMap(({ task, occurrences }) =>
    occurrences.map(({ id, job, scheduledFor }) => ({
      id,
      jobId: job.id,
      accountId: job.accountId,
      functionId: job.functionId,
      trigger: 'schedule' as const,
      scheduledFor,
      dueAt: scheduledFor,
      taskId: task.id,
      state: 'ready' as const,
      reason: null,
    })),
  );
  const started = Map.groupBy(executions, ({ jobId }) => jobId);
  await workers.queue.transaction(workers.store.db, async (trx, writer) => {
    await insertExecutions(trx, executions);
    await writer.enqueue(
      'check',
      tasks.map(({ task }) => task),
    );
  });
  for (const [jobId, { length }] of started)
    await workers.store.pool.query('UPDATE automation_jobs SET in_flight = in_flight + $2 WHERE id = $1', [
      jobId,
      length,
    ]);
}

const packed = (occurrences: readonly Occurrence[]) =>
  packTasks(occurrences).map((group) => ({ task: newTask(group), occurrences: group }));

const callsOf = ({ path }: { path: string }) => workers.server.calls(path).length;

test("with 10,000 executions of an account queued, single ones of twenty others don't wait for them (SPEC 4)", async () => {
  const flood = await jobThatHangs();
  await enqueue(packed(occurrencesOf(flood.job, FLOOD)));
  await workers.start({ SHUTDOWN_GRACE_MS: '0' });
  await waitUntil(() => callsOf(flood) >= 72, { what: 'the flood to have its places' });

  const others = await Promise.all(Array.from({ length: 20 }, jobThatAnswers));
  const runs = await Promise.all(others.map(({ job }) => workers.run(job)));
  for (const run of runs)
    expect(await workers.untilFinished(run)).toMatchObject({ status: 'succeeded', reason: null });
  expect(callsOf(flood)).toBe(72);
});

test('nor do they if five accounts flood the queue at once', async () => {
  const floods = await Promise.all(Array.from({ length: 5 }, jobThatHangs));
  await enqueue(floods.flatMap(({ job }) => packed(occurrencesOf(job, 500))));
  await workers.start({ SHUTDOWN_GRACE_MS: '0' });
  await waitUntil(() => floods.every((flood) => callsOf(flood) > 0), { what: 'each flood to have places' });
  const { job } = await jobThatAnswers();
  expect(await workers.untilFinished(await workers.run(job))).toMatchObject({ status: 'succeeded' });
});

test('nor does what shares its task with executions of the flood: those go on in tasks of their own', async () => {
  const [flood, other] = [await jobThatHangs(), await jobThatAnswers()];
  const [ofFlood, ofOther] = [occurrencesOf(flood.job, 540), occurrencesOf(other.job, 60)];
  const trickle = ofOther.map((one, n) => {
    const occurrences = [...ofFlood.slice(9 * n, 9 * n + 9), one];
    return { task: newTask(occurrences), occurrences };
  });
  await enqueue(trickle);
  await workers.start({ SHUTDOWN_GRACE_MS: '0' });
  for (const { occurrences } of trickle)
    expect(await workers.untilFinished(occurrences.at(-1)!)).toMatchObject({ status: 'succeeded' });

  const { rows } = await workers.store.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM automation_executions e JOIN pgboss.job t ON t.id = e.task_id
     WHERE e.job_id = $1 AND e.completed_at IS NULL AND t.group_id = $2`,
    [flood.job.id, flood.job.accountId],
  );
  expect(rows[0]?.count).toBeGreaterThan(0);
});
