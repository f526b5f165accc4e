import { PassThrough } from 'node:stream';
import { LogLevelSwitch } from './log-level-switch.ts';
import { createLogger, type LoggerOptions } from './logger.ts';

const jest = import.meta.jest;

const now = new Date(2025, 10, 24, 9, 5, 3, 7);
const clock = { now: () => now };

class Terminal extends PassThrough {
  readonly isTTY = true;
}

/** A logger and what it has written since the last look. */
function setup(options: Partial<LoggerOptions> = {}, stream = new PassThrough()) {
  stream.setEncoding('utf8');
  const logger = createLogger({
    service: 'api',
    level: 'info',
    format: 'json',
    stream,
    env: {},
    clock,
    ...options,
  });
  return { logger, output: () => String(stream.read() ?? '') };
}

/** What a terminal gets to see of one line. */
function lineOf(service: string): string {
  const { logger, output } = setup({ format: 'pretty', service }, new Terminal());
  logger.info('started');
  return output();
}

function failure(): Error {
  const cause = Object.assign(new Error('connection reset'), {
    stack: 'Error: connection reset\n    at socket',
  });
  return Object.assign(new Error('query failed', { cause }), {
    code: '57P01',
    stack: 'Error: query failed\n    at query',
  });
}

describe('every format', () => {
  test('leaves out what is below the level', () => {
    const { logger, output } = setup({ level: 'warn' });
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(output().match(/"level":"\w+"/g)).toEqual(['"level":"warn"', '"level":"error"']);
  });

  test.each(['secret', 'key', 'api_key', 'authorization', 'Authorization', 'password', 'token'])(
    'prints a field %s as [redacted], however deep',
    (name) => {
      for (const format of ['json', 'pretty'] as const) {
        const { logger, output } = setup({ format });
        logger.info('called', {
          [name]: 'hunter2',
          headers: { [name]: 'hunter2' },
          list: [{ [name]: 'hunter2' }],
        });
        const text = output();
        expect(text).not.toContain('hunter2');
        expect(text.match(/\[redacted\]/g)).toHaveLength(3);
      }
    },
  );

  test('prints a secret as [redacted] even if it is an error', () => {
    const { logger, output } = setup({ format: 'pretty' });
    logger.info('called', { token: new Error('hunter2') });
    expect(output()).toMatch(/called {16}token=\[redacted\]\n$/);
  });

  test('shows that a secret is not there', () => {
    const { logger, output } = setup();
    logger.info('called', { token: null });
    expect(JSON.parse(output())).toHaveProperty('token', null);
  });

  test('a child adds its fields to every line, and a field of the line wins', () => {
    const { logger, output } = setup();
    logger.child({ job_id: 'j1', attempt: 1 }).child({ phase: 'check' }).info('attempt', { attempt: 2 });
    logger.info('plain');
    const [attempt, plain] = output().split('\n');
    expect(JSON.parse(attempt ?? '')).toMatchObject({ job_id: 'j1', attempt: 2, phase: 'check' });
    expect(plain).not.toContain('job_id');
  });

  test.each(['json', 'pretty'] as const)('folds a flood into a count, errors included (%s)', (format) => {
    jest.useFakeTimers();
    try {
      const { logger, output } = setup({ format });
      for (let n = 0; n < 5_000; n += 1) logger.child({ request_id: `r${n}` }).error('request failed');
      jest.advanceTimersByTime(1_000);
      const lines = output().trimEnd().split('\n');
      expect(lines).toHaveLength(21);
      expect(lines.at(-1)).toMatch(/folded("?[:=])4980/);
    } finally {
      jest.useRealTimers();
    }
  });

  test('what is below the level does not count as a flood', () => {
    const logLevel = new LogLevelSwitch('info');
    const { logger, output } = setup({ level: logLevel });
    for (let n = 0; n < 100; n += 1) logger.debug('request answered');
    logLevel.set('debug', logger);
    logger.debug('request answered');
    expect(output().match(/request answered/g)).toHaveLength(1);
  });

  test('a switch changes the level at once, and the log says so', () => {
    const logLevel = new LogLevelSwitch('warn');
    const { logger, output } = setup({ level: logLevel });
    logger.info('before');
    logLevel.set('info', logger);
    logger.info('after');
    logLevel.toggleDebug(logger);
    logLevel.toggleDebug(logger);
    logger.info('back');
    expect(output().match(/"message":"[^"]+"|"to":"\w+"/g)).toEqual([
      '"message":"log level changed"',
      '"to":"info"',
      '"message":"after"',
      '"message":"log level changed"',
      '"to":"debug"',
      '"message":"log level changed"',
      '"to":"warn"',
    ]);
  });

  test('survives circles and big integers', () => {
    const circle: Record<string, unknown> = { size: 12n };
    circle.self = circle;
    const error = new Error('loop');
    error.cause = error;
    for (const format of ['json', 'pretty'] as const) {
      const { logger, output } = setup({ format });
      logger.info('odd', { circle, error });
      const text = output();
      expect(text).toContain('[circular]');
      expect(text).toContain('"12"');
    }
  });
});

describe('json', () => {
  test('is one object per line: time, level, service, message, then the fields as given', () => {
    const { logger, output } = setup();
    logger.info('job created', { job_id: 'j1', account_id: 'a1', at: now, nothing: undefined });
    const time = now.toISOString();
    expect(output()).toBe(
      `{"time":"${time}","level":"info","service":"api","message":"job created",` +
        `"job_id":"j1","account_id":"a1","at":"${time}"}\n`,
    );
  });

  test('an error becomes its message, stack, code and cause', () => {
    const { logger, output } = setup();
    logger.error('tick failed', { error: failure() });
    expect(JSON.parse(output())).toMatchObject({
      error: {
        message: 'query failed',
        stack: 'Error: query failed\n    at query',
        code: '57P01',
        cause: { message: 'connection reset', stack: 'Error: connection reset\n    at socket' },
      },
    });
  });

  test('what is said of an execution carries its trace', () => {
    const { logger, output } = setup();
    logger.info('execution started', { execution_id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' });
    logger.info('job created', { job_id: 'j1' });
    const [execution, job] = output().split('\n');
    expect(JSON.parse(execution ?? '')).toHaveProperty('trace_id', '0190a1b2c3d47e5f8a9b0c1d2e3f4a5b');
    expect(JSON.parse(job ?? '')).not.toHaveProperty('trace_id');
  });

  test('a field named like a part of the event is kept beside it', () => {
    const { logger, output } = setup();
    logger.info('received', { message: 'hello', level: 9, service: 'x', time: 'y' });
    expect(JSON.parse(output())).toEqual({
      time: now.toISOString(),
      level: 'info',
      service: 'api',
      message: 'received',
      message_: 'hello',
      level_: 9,
      service_: 'x',
      time_: 'y',
    });
  });
});

describe('pretty', () => {
  test('is one aligned line per event', () => {
    const { logger, output } = setup({ format: 'pretty' });
    logger.info('job created', { job_id: 'j1', account_id: 'a1' });
    logger.warn('nothing else');
    expect(output()).toBe(
      '09:05:03.007  api        INFO   job created           job_id=j1 account_id=a1\n' +
        '09:05:03.007  api        WARN   nothing else\n',
    );
  });

  test('values that would be ambiguous are quoted, undefined ones left out', () => {
    const { logger, output } = setup({ format: 'pretty' });
    logger.info('made', {
      name: 'Daily report',
      empty: '',
      count: 3,
      list: [1, 'a'],
      url: new URL('http://x/'),
      nothing: undefined,
      none: null,
    });
    expect(output()).toContain(
      'made                  name="Daily report" empty="" count=3 list=[1,"a"] url=http://x/ none=null\n',
    );
  });

  test('says first what happened, in readable durations, and then to what; the id of an execution leads to the others', () => {
    const { logger, output } = setup({ format: 'pretty' });
    logger.info('execution completed', {
      execution_id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
      job_id: 'j1',
      account_id: 'a1',
      function_id: 'f1',
      status: 'succeeded',
      duration_ms: 1_540,
    });
    expect(output()).toMatch(
      / execution completed {3}status=succeeded duration=1\.5s execution_id=0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b job_id=j1\n$/,
    );
  });

  test('an error is followed by its stack and causes, indented', () => {
    const { logger, output } = setup({ format: 'pretty' });
    logger.error('tick failed', { error: failure(), run: 1 });
    expect(output()).toBe(
      [
        '09:05:03.007  api        ERROR  tick failed           error="query failed" run=1',
        '    Error: query failed',
        '        at query',
        '    caused by: Error: connection reset',
        '        at socket',
        '',
      ].join('\n'),
    );
  });

  test('text from outside neither breaks the line nor steers the terminal', () => {
    const { logger, output } = setup({ format: 'pretty' });
    logger.info('job\nINFO \u001B[2J', { name: 'a\u001B[31m\nb\u009Bc' });
    expect(output()).toMatch(/^[^\p{Cc}]+\n$/u);
  });

  test('gives level and service colours of their own on a terminal', () => {
    const colours = ['api', 'scheduler', 'worker', 'local'].map(
      (service) => lineOf(service).split(service)[0],
    );
    expect(new Set(colours).size).toBe(4);
    expect(lineOf('api')).toContain('\u001B[32mINFO ');
  });

  test('has no colours if NO_COLOR is set or the stream is no terminal', () => {
    const silenced = setup({ format: 'pretty', env: { NO_COLOR: '1' } }, new Terminal());
    const piped = setup({ format: 'pretty' });
    for (const { logger, output } of [silenced, piped]) {
      logger.error('failed', { error: failure() });
      expect(output()).not.toContain('\u001B');
    }
  });

  test('has colours if NO_COLOR is empty', () => {
    const { logger, output } = setup({ format: 'pretty', env: { NO_COLOR: '' } }, new Terminal());
    logger.info('started');
    expect(output()).toContain('\u001B[');
  });
});
