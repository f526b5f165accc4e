import type { Logger } from '@automation/service-kit';

export interface LogLine {
  level: 'error' | 'warn' | 'info' | 'debug';
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps what it is told, whatever the level. */
export interface RecordingLogger extends Logger {
  lines: LogLine[];
}

export function recordingLogger(): RecordingLogger {
  return recordingOn([], {});
}

function recordingOn(lines: LogLine[], bound: LogLine['fields']): RecordingLogger {
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: LogLine['fields'] = {}): void =>
      void lines.push({ level, message, fields: { ...bound, ...fields } });
  return {
    lines,
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: (fields) => recordingOn(lines, { ...bound, ...fields }),
  };
}
