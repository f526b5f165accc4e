import { type Clock, systemClock } from './clock.ts';
import type { LogFields, LogLevel } from './log-event.ts';
import type { Logger } from './logger.ts';

/** So many lines of one kind a second can be followed by eye. */
const LINES_PER_WINDOW = 20;
const WINDOW_MS = 1_000;

interface Window {
  endsAt: number;
  lines: number;
  folded: number;
}

/**
 * A logger for what happens thousands of times a second: it lets the first lines of each kind (level and message) pass in
 * every second, and folds the rest into one line with their number as `folded`. Under load a log of every execution could
 * not be read, and would cost as much as running them.
 */
export function foldFloods(logger: Logger, clock: Clock = systemClock): Logger {
  const windows = new Map<string, Window>();
  const say = (level: LogLevel) => (message: string, fields?: LogFields) => {
    const now = clock.now().getTime();
    const window = currentWindow(windows, `${level} ${message}`, now);
    if (window.lines < LINES_PER_WINDOW) {
      window.lines += 1;
      logger[level](message, fields);
      return;
    }
    window.folded += 1;
    if (window.folded > 1) return;
    setTimeout(() => logger[level](message, { folded: window.folded }), window.endsAt - now).unref();
  };
  return {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    child: (fields) => foldFloods(logger.child(fields), clock),
  };
}

function currentWindow(windows: Map<string, Window>, kind: string, now: number): Window {
  const current = windows.get(kind);
  if (current !== undefined && now < current.endsAt) return current;
  const next = { endsAt: now + WINDOW_MS, lines: 0, folded: 0 };
  windows.set(kind, next);
  return next;
}
