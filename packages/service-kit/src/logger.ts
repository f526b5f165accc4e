import winston from 'winston';
import { systemClock, type Clock } from './clock.ts';
import { jsonLine } from './json-line.ts';
import { logLevels, type LogFields, type LogFormat, type LogLevel } from './log-event.ts';
import { prettyLine } from './pretty-line.ts';

/** What the rest of the code knows of logging. Levels are a contract: see `logLevels`. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields too; a field given with a line wins. */
  child(fields: LogFields): Logger;
}

/** Where lines go. Colours are for terminals only. */
export type LogStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** stdout if not given. */
  readonly stream?: LogStream;
  /** Only NO_COLOR is read of it (https://no-color.org). */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

const eventNames = new Set(['time', 'level', 'service', 'message']);

/** A logger on winston that writes each event as one line of JSON, or for the eye (SPEC 6). */
export function createLogger(options: LoggerOptions): Logger {
  const stream: LogStream = options.stream ?? process.stdout;
  const lines = winston.createLogger({
    levels: Object.fromEntries(logLevels.map((level, order) => [level, order])),
    level: options.level,
    format: lineFormat(options, stream),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  return loggerOn((level, message, fields) => {
    // winston formats a line before it drops it for its level.
    if (lines.isLevelEnabled(level)) lines.log({ ...clearOfEventNames(fields), level, message });
  }, {});
}

function loggerOn(write: Write, bound: LogFields): Logger {
  return {
    error: (message, fields) => write('error', message, { ...bound, ...fields }),
    warn: (message, fields) => write('warn', message, { ...bound, ...fields }),
    info: (message, fields) => write('info', message, { ...bound, ...fields }),
    debug: (message, fields) => write('debug', message, { ...bound, ...fields }),
    child: (fields) => loggerOn(write, { ...bound, ...fields }),
  };
}

function lineFormat(
  { service, format, env = process.env, clock = systemClock }: LoggerOptions,
  stream: LogStream,
) {
  const colours = stream.isTTY === true && (env.NO_COLOR ?? '') === '';
  return winston.format.printf(({ level, message, ...fields }) => {
    const event = { time: clock.now(), level, service, message: String(message), fields };
    return format === 'json' ? jsonLine(event) : prettyLine(event, colours);
  });
}

/** A field named like a part of the event itself is kept as `message_`. */
function clearOfEventNames(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [eventNames.has(name) ? `${name}_` : name, value]),
  );
}
