import { createProcessHarness } from './process-harness.ts';

const apps = createProcessHarness();

afterEach(() => apps.killAll());

test('a process is started with the given settings alone; its output is kept, and its exit code', async () => {
  const app = apps.start('worker', { WORKER_CONCURRENCY: '0' });
  expect(await app.untilExit()).toEqual({ code: 78, signal: null });
  expect(app.text('stdout')).toBe('');
  expect(app.text('stderr').trimEnd().split('\n').toSorted()).toEqual([
    'DATABASE_URL is required',
    'WORKER_CONCURRENCY "0" must be greater than or equal to 1',
  ]);
});

test('waiting for a line of a process that ends without it fails at once, with the output', async () => {
  const app = apps.start('worker', {});
  await expect(app.untilLine('worker started')).rejects.toThrow(
    /^worker \(\d+\): ended \(78\) without .*worker started; it wrote:\nDATABASE_URL is required$/,
  );
  expect(await app.untilLine(/required/)).toEqual({
    stream: 'stderr',
    text: 'DATABASE_URL is required',
    event: {},
  });
});

test('what is left is killed, even if it is stopped', async () => {
  const app = apps.start('worker', {});
  app.signal('SIGSTOP');
  await apps.killAll();
  expect(await app.untilExit()).toEqual({ code: null, signal: 'SIGKILL' });
  app.signal('SIGTERM');
});
