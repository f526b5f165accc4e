import type { Job } from '@automation/domain';
import { signatureHeaders } from '@automation/invoker';
import { functions } from '@automation/store';

import { openTestWorkers, type TestWorkers } from './test-workers.fixture.ts';

let workers: TestWorkers;

beforeAll(async () => {
  workers = await openTestWorkers();
  await workers.start();
});

afterAll(() => workers.dispose());

const HOUR_MS = 3_600_000;
const [NEW, NEWER] = ['whsec_bmV3IHNlY3JldA==', 'whsec_bmV3ZXIgc2VjcmV0'];

/** Runs the job once, and tells which of the secrets signed its check, in their order. */
async function signing(job: Job, path: string, secrets: readonly string[]): Promise<string[]> {
  await workers.untilFinished(await workers.run(job));
  const { headers, raw } = workers.server.calls(path).at(-1)!;
  const sentAt = new Date(Number(headers['webhook-timestamp']) * 1_000);
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.map((signature) => {
    const signs = (secret: string) =>
      signatureHeaders([secret], String(headers['webhook-id']), sentAt, raw)['webhook-signature'] ===
      signature;
    return secrets.find(signs) ?? 'none of them';
  });
}

test('after a rotation both secrets sign until the overlap ends, then the new one alone (SPEC 4)', async () => {
  const { job, path } = await workers.newJob();
  const { store } = workers;
  workers.server.script(path, () => ({ body: { shouldPerform: false } }));
  const { secret: old } = (await functions.find(store.db, job.accountId, job.functionId))!;
  const secrets = [old, NEW, NEWER];
  const rotate = (secret: string, overlapsUntil: Date | null) =>
    functions.rotateSecret(store.db, job.accountId, job.functionId, {
      secret,
      overlapsUntil,
      updatedAt: new Date(),
    });
  expect(await signing(job, path, secrets)).toEqual([old]);
  await rotate(NEW, new Date(Date.now() + HOUR_MS));
  expect(await signing(job, path, secrets)).toEqual([NEW, old]);
  await store.pool.query(`UPDATE functions SET previous_secret_until = now() WHERE id = $1`, [
    job.functionId,
  ]);
  expect(await signing(job, path, secrets)).toEqual([NEW]);
  await rotate(NEWER, null);
  expect(await signing(job, path, secrets)).toEqual([NEWER]);
});
