import type { Clock } from './clock.ts';
import type { LogFields, LogLevel } from './log-event.ts';

export type WriteLine = (level: LogLevel, message: string, fields: LogFields) => void;

/** So many lines of one kind a second can be followed by eye. */
const LINES_PER_WINDOW = 20;
const WINDOW_MS = 1_000;

interface Window {
  endsAt: number;
  lines: number;
  folded: number;
}

/**
 * Lets the first lines of each kind (level and message) pass in every second, and folds the rest into one line with their
 * number as `folded`: under load a log of every execution could not be read, and would cost as much as running them.
 */
export function foldFloods(write: WriteLine, clock: Clock): WriteLine {
  const windows = new Map<string, Window>();
  return (level, message, fields) => {
    const kind = `${level} ${message}`;
    const now = clock.now().getTime();
    const window = currentWindow(windows, kind, now);
    if (window.lines < LINES_PER_WINDOW) {
      window.lines += 1;
      write(level, message, fields);
      return;
    }
    window.folded += 1;
    if (window.folded > 1) return;
    setTimeout(() => write(level, message, { folded: window.folded }), window.endsAt - now).unref();
  };
}

function currentWindow(windows: Map<string, Window>, kind: string, now: number): Window {
  const current = windows.get(kind);
  if (current !== undefined && now < current.endsAt) return current;
  const next = { endsAt: now + WINDOW_MS, lines: 0, folded: 0 };
  windows.set(kind, next);
  return next;
}
