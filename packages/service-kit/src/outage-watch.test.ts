import type { LogFields } from './log-event.ts';
import type { Logger } from './logger.ts';
import { OutageWatch } from './outage-watch.ts';

const jest = import.meta.jest;

const LOST = new Error('connection lost');
const BUG = new Error('a bug');

function setup() {
  const lines: string[] = [];
  const fields: (LogFields | undefined)[] = [];
  const line = (level: string) => (message: string, extra?: LogFields) => {
    lines.push(`${level} ${message}`);
    fields.push(extra);
  };
  const logger: Logger = {
    error: line('error'),
    warn: line('warn'),
    info: line('info'),
    debug: line('debug'),
    child: () => logger,
  };
  const ping = jest.fn<Promise<void>, []>();
  const watch = new OutageWatch({ logger, ping, isOutage: (error) => error === LOST });
  return { watch, ping, lines, fields };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const DOWN = 'warn database is not available, trying until it is';
const BACK = 'info database is available again';

test('an error that is no outage is left to its finder', () => {
  const { watch, lines } = setup();

  expect(watch.noticed(BUG)).toBe(false);
  expect(watch.isDown).toBe(false);
  expect(lines).toEqual([]);
});

test('an outage is one WARN, however many statements fail, and one INFO when it is over', async () => {
  const { watch, ping, lines, fields } = setup();
  ping.mockRejectedValueOnce(LOST).mockRejectedValueOnce(LOST).mockResolvedValue();

  for (let n = 0; n < 1_000; n += 1) expect(watch.noticed(LOST)).toBe(true);
  expect(watch.isDown).toBe(true);
  await jest.advanceTimersByTimeAsync(500);
  expect(watch.noticed(LOST)).toBe(true);
  expect(lines).toEqual([DOWN]);
  expect(fields).toEqual([{ error: 'connection lost' }]);

  await jest.advanceTimersByTimeAsync(250);
  expect(watch.isDown).toBe(false);
  expect(lines).toEqual([DOWN, BACK]);
  expect(fields.at(-1)).toEqual({ outage_ms: 750 });
});

test('the next outage is said again, some seconds later or as soon as pings fail', async () => {
  const { watch, ping, lines } = setup();
  ping.mockResolvedValue();

  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(250);
  await jest.advanceTimersByTimeAsync(15_000);
  watch.noticed(LOST);
  expect(lines).toEqual([DOWN, BACK, DOWN]);
  await jest.advanceTimersByTimeAsync(250);

  ping.mockRejectedValueOnce(LOST).mockRejectedValueOnce(LOST);
  watch.noticed(LOST);
  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(0);
  expect(lines).toEqual([DOWN, BACK, DOWN, BACK, DOWN]);
  expect(watch.isDown).toBe(true);
  await jest.advanceTimersByTimeAsync(250);
  expect(lines).toEqual([DOWN, BACK, DOWN, BACK, DOWN, BACK]);
});

test('what an outage leaves behind is not another one: attempts to connect that began before it was over', async () => {
  const { watch, ping, lines } = setup();
  ping.mockResolvedValue();

  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(250);
  expect(watch.noticed(LOST)).toBe(true);
  expect(watch.isDown).toBe(true);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(watch.isDown).toBe(false);
  expect(watch.noticed(LOST)).toBe(true);
  expect(watch.noticed(BUG)).toBe(false);
  await jest.advanceTimersByTimeAsync(250);

  expect(watch.isDown).toBe(false);
  expect(lines).toEqual([DOWN, BACK]);
});

test('a ping in the aftermath that fails alone says nothing: it was sent into a session that the outage broke', async () => {
  const { watch, ping, lines } = setup();
  ping.mockResolvedValue();
  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(250);

  ping.mockReturnValueOnce(new Promise(() => undefined));
  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(1_000);

  expect(watch.isDown).toBe(false);
  expect(lines).toEqual([DOWN, BACK]);
});

test('a ping that never answers counts as none', async () => {
  const { watch, ping, lines } = setup();
  ping.mockReturnValueOnce(new Promise(() => undefined)).mockResolvedValue();

  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(250 + 1_000 + 250);

  expect(ping).toHaveBeenCalledTimes(2);
  expect(lines).toEqual([DOWN, BACK]);
});

test('it asks no more once it is stopped', async () => {
  const { watch, ping, lines } = setup();
  ping.mockRejectedValue(LOST);

  watch.noticed(LOST);
  await jest.advanceTimersByTimeAsync(250);
  watch.stop();
  await jest.advanceTimersByTimeAsync(10_000);

  expect(ping).toHaveBeenCalledTimes(1);
  expect(watch.noticed(LOST)).toBe(true);
  expect(lines).toEqual([DOWN]);
});
