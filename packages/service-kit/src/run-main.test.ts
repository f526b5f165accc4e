import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { ConfigError } from './config-error.ts';
import { LogLevelSwitch } from './log-level-switch.ts';
import { createLogger } from './logger.ts';
import { runMain, type Running } from './run-main.ts';

const jest = import.meta.jest;

class FakeProcess extends EventEmitter {
  readonly stdout = new PassThrough({ encoding: 'utf8' });
  readonly errors: string[] = [];
  readonly exits: number[] = [];
  readonly stderr = { write: (text: string) => this.errors.push(text) };

  exit(code: number): void {
    this.exits.push(code);
  }

  /** What was logged since the last look. */
  log(): string {
    return String(this.stdout.read() ?? '');
  }
}

type Start = (env: NodeJS.ProcessEnv, logLevel: LogLevelSwitch) => Promise<Running>;

function setup(start: Start, env: NodeJS.ProcessEnv = {}) {
  const host = new FakeProcess();
  const main = runMain({ service: 'worker', start, env: { LOG_FORMAT: 'json', ...env }, process: host });
  return { host, main };
}

/** An app that has started; its stop takes until `stopped` is settled. */
async function running(env: NodeJS.ProcessEnv = {}) {
  const stopped = Promise.withResolvers<void>();
  const stop = jest.fn(() => stopped.promise);
  const { host, main } = setup(async () => ({ stop }), env);
  await main;
  return { host, stop, stopped };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Lets everything run that waits for nothing but promises. */
const settle = () => jest.advanceTimersByTimeAsync(0);

describe('start', () => {
  test('is given the environment, and a started app neither exits nor writes to stderr', async () => {
    const start = jest.fn<Promise<Running>, [NodeJS.ProcessEnv, LogLevelSwitch]>(async () => ({
      stop: async () => {},
    }));
    const { host, main } = setup(start, { API_PORT: '80' });
    await main;
    expect(start).toHaveBeenCalledWith(
      expect.objectContaining({ API_PORT: '80' }),
      expect.any(LogLevelSwitch),
    );
    expect([host.exits, host.errors]).toEqual([[], []]);
  });

  test('a ConfigError is one line per problem on stderr and exit 78', async () => {
    const { host, main } = setup(() =>
      Promise.reject(new ConfigError(['A is required', 'B "x" must be a number'])),
    );
    await main;
    expect(host.errors.join('')).toBe('A is required\nB "x" must be a number\n');
    expect(host.exits).toEqual([78]);
  });

  test('settings of its own that are wrong are left to the app, which names them with all others', async () => {
    const error = new ConfigError(['LOG_LEVEL "loud" must be one of …', 'A is required']);
    const { host, main } = setup(() => Promise.reject(error), { LOG_LEVEL: 'loud' });
    await main;
    expect(host.errors.join('')).toBe('LOG_LEVEL "loud" must be one of …\nA is required\n');
    expect(host.exits).toEqual([78]);
  });

  test('any other error is one clear sentence on stderr and exit 1', async () => {
    const { host, main } = setup(() => Promise.reject(new Error('METRICS_PORT 9092 is already in use')));
    await main;
    expect(host.errors.join('')).toBe('worker could not start: METRICS_PORT 9092 is already in use\n');
    expect(host.exits).toEqual([1]);
  });

  test('an error thrown at once is treated the same', async () => {
    const { host, main } = setup(() => {
      throw new Error('broken');
    });
    await main;
    expect(host.errors.join('')).toBe('worker could not start: broken\n');
    expect(host.exits).toEqual([1]);
  });

  test('the stack is printed with LOG_LEVEL=debug', async () => {
    const { host, main } = setup(() => Promise.reject(new Error('broken')), { LOG_LEVEL: 'debug' });
    await main;
    expect(host.errors.join('')).toMatch(/^worker could not start: broken\nError: broken\n {4}at /);
  });
});

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'])('%s stops the app once and exits 0', async (signal) => {
    const { host, stop, stopped } = await running();
    host.emit(signal);
    await settle();
    expect(host.exits).toEqual([]);
    stopped.resolve();
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(host.exits).toEqual([0]);
    expect(host.log()).toContain(`"message":"stopping","signal":"${signal}"`);
  });

  test.each([
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
    ['SIGTERM', 'SIGTERM', 143],
  ])('%s and half a second later %s exits at once with %i', async (first, second, code) => {
    const { host, stop } = await running();
    host.emit(first);
    await jest.advanceTimersByTimeAsync(500);
    host.emit(second);
    expect(host.exits).toEqual([code]);
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
  });

  test('a Ctrl-C that npm sends on as well stops the app once', async () => {
    const { host, stop, stopped } = await running();
    host.emit('SIGINT');
    await jest.advanceTimersByTimeAsync(499);
    host.emit('SIGINT');
    expect(host.exits).toEqual([]);
    stopped.resolve();
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(host.exits).toEqual([0]);
  });

  test('a stop that fails is logged and exits 1', async () => {
    const { host, stopped } = await running();
    host.emit('SIGTERM');
    stopped.reject(new Error('pool is stuck'));
    await settle();
    expect(host.exits).toEqual([1]);
    expect(host.log()).toContain('pool is stuck');
  });

  test.each([
    ['the default grace', {}, 27_000],
    ['SHUTDOWN_GRACE_MS', { SHUTDOWN_GRACE_MS: '500' }, 2500],
  ])('a stop that takes longer than %s + 2 s is cut off with exit 1', async (_title, env, cutMs) => {
    const { host } = await running(env);
    host.emit('SIGTERM');
    await jest.advanceTimersByTimeAsync(cutMs - 1);
    expect(host.exits).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(host.exits).toEqual([1]);
    expect(host.log()).toContain(`took longer than ${cutMs} ms`);
  });

  test('a signal during the start stops the app as soon as it has started', async () => {
    const started = Promise.withResolvers<Running>();
    const { host } = setup(() => started.promise);
    host.emit('SIGTERM');
    await settle();
    expect(host.exits).toEqual([]);
    const stop = jest.fn(async () => {});
    started.resolve({ stop });
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(host.exits).toEqual([0]);
  });

  test('a start that fails after a signal is still reported', async () => {
    const started = Promise.withResolvers<Running>();
    const { host, main } = setup(() => started.promise);
    host.emit('SIGTERM');
    started.reject(new ConfigError(['A is required']));
    await main;
    expect(host.errors.join('')).toBe('A is required\n');
    expect(host.exits[0]).toBe(78);
  });
});

test.each(['error', 'info'])(
  'SIGUSR2 turns debug lines on at LOG_LEVEL=%s, and off again',
  async (LOG_LEVEL) => {
    const host = new FakeProcess();
    const start = async (_env: NodeJS.ProcessEnv, level: LogLevelSwitch) => {
      const logger = createLogger({ service: 'worker', level, format: 'json', stream: host.stdout });
      host.on('say', () => logger.debug('a detail'));
      return { stop: async () => {} };
    };
    await runMain({ service: 'worker', start, env: { LOG_FORMAT: 'json', LOG_LEVEL }, process: host });
    for (const event of ['say', 'SIGUSR2', 'say', 'SIGUSR2', 'say']) host.emit(event);
    const lines = host.log().trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { level: 'info', message: 'log level changed', from: LOG_LEVEL, to: 'debug' },
      { level: 'debug', message: 'a detail' },
      { level: 'info', message: 'log level changed', from: 'debug', to: LOG_LEVEL },
    ]);
    expect(host.exits).toEqual([]);
  },
);

test.each([
  ['uncaughtException', 'uncaught exception'],
  ['unhandledRejection', 'unhandled rejection'],
])('%s is logged as an error and exits 1', async (event, message) => {
  const { host } = await running();
  host.emit(event, new Error('nobody caught me'));
  expect(host.exits).toEqual([1]);
  const line: unknown = JSON.parse(host.log());
  expect(line).toMatchObject({
    level: 'error',
    service: 'worker',
    message,
    error: { message: 'nobody caught me' },
  });
});
