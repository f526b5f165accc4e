import { InFlight } from './in-flight.ts';

/** Work that goes on until its signal stops it, or the test ends it. */
function setup() {
  const inFlight = new InFlight();
  const run = (executionId: string) => {
    const done = Promise.withResolvers<void>();
    const ended = { by: 'nobody' };
    const running = inFlight.run(executionId, async (signal) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => done.resolve());
      await done.promise;
      ended.by = signal.aborted ? 'the signal' : 'itself';
      return executionId;
    });
    return { running, ended, finish: () => done.resolve() };
  };
  return { inFlight, run };
}

test('answers what the work answers', async () => {
  const { run } = setup();
  const work = run('a');
  work.finish();
  expect(await work.running).toBe('a');
  expect(work.ended.by).toBe('itself');
});

test('counts the executions that it is at', async () => {
  const { inFlight, run } = setup();
  const works = [run('a'), run('a'), run('b')];
  expect(inFlight.size).toBe(2);
  for (const work of works) work.finish();
  await Promise.all(works.map((work) => work.running));
  expect(inFlight.size).toBe(0);
});

test('stops the work of one execution and of no other', async () => {
  const { inFlight, run } = setup();
  const [cancelled, other] = [run('a'), run('b')];
  inFlight.stop('a');
  await cancelled.running;
  other.finish();
  await other.running;
  expect([cancelled.ended.by, other.ended.by]).toEqual(['the signal', 'itself']);
  expect(inFlight.isCutOff).toBe(false);
});

test('stopping what is not here does nothing, and what is over is not here any more', async () => {
  const { inFlight, run } = setup();
  inFlight.stop('a');
  const first = run('a');
  first.finish();
  await first.running;
  inFlight.stop('a');
  const again = run('a');
  again.finish();
  await again.running;
  expect([first.ended.by, again.ended.by]).toEqual(['itself', 'itself']);
});

test('of an execution that is here twice, under two attempts of its task, both are stopped', async () => {
  const { inFlight, run } = setup();
  const [early, late, third] = [run('a'), run('a'), run('a')];
  early.finish();
  await early.running;
  inFlight.stop('a');
  await Promise.all([late.running, third.running]);
  expect([early, late, third].map(({ ended }) => ended.by)).toEqual(['itself', 'the signal', 'the signal']);
});

test('cutting off stops everything, and whatever comes later does not begin', async () => {
  const { inFlight, run } = setup();
  const [one, other] = [run('a'), run('b')];
  inFlight.cutOff();
  await Promise.all([one.running, other.running]);
  expect([one.ended.by, other.ended.by]).toEqual(['the signal', 'the signal']);
  expect(inFlight.isCutOff).toBe(true);
  await expect(run('c').running).rejects.toThrow('aborted');
});

test('work that fails is not here any more, and its failure is the caller’s', async () => {
  const { inFlight, run } = setup();
  await expect(inFlight.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const again = run('a');
  again.finish();
  expect(await again.running).toBe('a');
});
