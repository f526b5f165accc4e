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
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: LogLine['fields'] = {}): void =>
      void lines.push({ level, message, fields });
  const logger: RecordingLogger = {
    lines,
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: () => logger,
  };
  return logger;
}
