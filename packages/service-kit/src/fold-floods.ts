import type { WriteEvent } from './log-event.ts';

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
 * number as `folded`. Under load a log of every execution and request could not be read, and would cost as much as
 * answering them; in a failure the thousandth line says no more than the first.
 */
export function foldFloods(write: WriteEvent): WriteEvent {
  const windows = new Map<string, Window>();
  return (level, message, fields) => {
    // Not the time of day: a clock that is set back would fold everything until it has caught up.
    const now = performance.now();
    const window = currentWindow(windows, `${level} ${message}`, now);
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
