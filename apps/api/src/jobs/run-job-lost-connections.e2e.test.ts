import type { Execution } from '@automation/domain';
import { jobs, type Store } from '@automation/store';
import {
  buildCreation,
  buildJob,
  clearLedger,
  type Fault,
  LOSSES,
  loseEachConnection,
  MANY_JOBS,
  snapshotLedger,
  survivalFaults,
  watchStatements,
} from '@automation/testing';

import type { ApiDependencies } from '../dependencies.ts';
import { CALLER, openDependencies, type OpenDependencies } from '../dependencies.fixture.ts';
import { answerKept } from '../http/answer-kept.ts';
import { runOnce } from '../http/idempotency.ts';
import { runJob } from './run-job.ts';

let opened: OpenDependencies;
let store: Store;
let api: ApiDependencies;

beforeAll(async () => {
  opened = await openDependencies();
  ({ api } = opened);
  ({ store } = api);
});

afterAll(() => opened.dispose());

async function arrange(): Promise<string> {
  await clearLedger(store.pool);
  await store.pool.query('DELETE FROM idempotency_keys');
  const job = buildJob({ accountId: 'acc', functionId: 'fn', name: 'job' });
  await store.db.transaction().execute((trx) => jobs.insert(trx, job, buildCreation(job), MANY_JOBS));
  return job.id;
}

const run = (id: string) => runJob(api, CALLER, id, null);

test('a manual run is written wholly or not at all', async () => {
  const observe = () => snapshotLedger(store.pool);
  const result = await loseEachConnection(store.pool, { arrange, attempt: run, observe });
  expect(result.statements[0]).toBe('begin');
  expect(result.statements.at(-1)).toBe('commit');
  expect(survivalFaults(result)).toEqual([]);
});

const countRuns = async () => {
  const { rows } = await store.pool.query<{ count: number }>('SELECT count(*) FROM automation_executions');
  return rows[0]!.count;
};

const replyOf = (execution: Execution) => ({ status: 202, body: { id: execution.id } });

/** Asks for a run under an Idempotency-Key, as the route does; false if there is no answer. */
async function askOnce(id: string): Promise<boolean> {
  const request = { key: 'k', caller: CALLER, method: 'post', path: '/run', body: {}, showsSecret: false };
  const answered = runOnce(api, request, (keepAnswer) =>
    answerKept(keepAnswer, replyOf, (keep) => runJob(api, CALLER, id, keep)),
  );
  return answered.then(
    () => true,
    () => false,
  );
}

async function askAgainAfter(fault: Fault): Promise<string[]> {
  const id = await arrange();
  const watch = watchStatements(store.pool, fault);
  await askOnce(id);
  await watch.stop();
  const faults = [];
  const isAnswered = await askOnce(id);
  if ((await countRuns()) !== (isAnswered ? 1 : 0)) faults.push('not run once when asked again');
  // By then a request without an answer has been given up.
  await store.pool.query(`UPDATE idempotency_keys SET created_at = created_at - interval '3 minutes'`);
  if (!(await askOnce(id)) || (await countRuns()) !== 1) faults.push('not run once in the end');
  return faults.map((text) => `${fault.loss} ${fault.nth}, ${watch.sent[fault.nth]?.slice(0, 50)}: ${text}`);
}

test('asked for again under its Idempotency-Key after any loss, a manual run is not made twice (SPEC 5)', async () => {
  const id = await arrange();
  const watch = watchStatements(store.pool);
  expect(await askOnce(id)).toBe(true);
  await watch.stop();
  const faults: string[] = [];
  for (const nth of watch.sent.keys())
    for (const loss of LOSSES) faults.push(...(await askAgainAfter({ nth, loss })));
  expect(faults).toEqual([]);
});
