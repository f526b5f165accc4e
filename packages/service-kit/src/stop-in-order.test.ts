import { PassThrough } from 'node:stream';
import { createLogger } from './logger.ts';
import { stopInOrder } from './stop-in-order.ts';

const jest = import.meta.jest;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setup() {
  const stream = new PassThrough({ encoding: 'utf8' });
  const logger = createLogger({ service: 'worker', level: 'warn', format: 'pretty', stream, env: {} });
  const stopped: string[] = [];
  return {
    logger,
    stopped,
    log: () => String(stream.read() ?? ''),
    stage: (name: string) => ({ name, stop: async () => void stopped.push(name) }),
  };
}

const never = () => new Promise<void>(() => {});

test('each stage begins when the one before it is done', async () => {
  const { logger, stopped, stage, log } = setup();
  const drained = Promise.withResolvers<void>();
  const done = stopInOrder(
    [stage('intake'), { name: 'drain', stop: () => drained.promise }, stage('pool')],
    logger,
  );
  await jest.advanceTimersByTimeAsync(10);
  expect(stopped).toEqual(['intake']);
  drained.resolve();
  await done;
  expect(stopped).toEqual(['intake', 'pool']);
  expect(log()).toBe('');
});

test('a failing stage is logged WARN and the next still runs', async () => {
  const { logger, stopped, stage, log } = setup();
  const failing = { name: 'queue', stop: () => Promise.reject(new Error('connection lost')) };
  await stopInOrder([failing, stage('pool')], logger);
  expect(stopped).toEqual(['pool']);
  expect(log()).toMatch(/WARN {3}shutdown stage failed {2}stage=queue error="connection lost"/);
});

test('a late stage is cut off at its deadline, logged WARN, and the next still runs', async () => {
  const { logger, stopped, stage, log } = setup();
  const done = stopInOrder([{ name: 'drain', stop: never, deadlineMs: 700 }, stage('pool')], logger);
  await jest.advanceTimersByTimeAsync(699);
  expect(stopped).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  await done;
  expect(stopped).toEqual(['pool']);
  expect(log()).toMatch(/WARN {3}shutdown stage failed {2}stage=drain error="took longer than 700 ms"/);
});

test('a stage without a deadline has five seconds', async () => {
  const { logger, stopped, stage } = setup();
  const done = stopInOrder([{ name: 'drain', stop: never }, stage('pool')], logger);
  await jest.advanceTimersByTimeAsync(5000);
  await done;
  expect(stopped).toEqual(['pool']);
});

test('what a late stage throws afterwards goes nowhere', async () => {
  const { logger, stage } = setup();
  const late = Promise.withResolvers<void>();
  const done = stopInOrder(
    [{ name: 'drain', stop: () => late.promise, deadlineMs: 1 }, stage('pool')],
    logger,
  );
  await jest.advanceTimersByTimeAsync(1);
  await done;
  late.reject(new Error('too late'));
  await expect(late.promise).rejects.toThrow('too late');
});
