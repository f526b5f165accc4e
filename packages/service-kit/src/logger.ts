import { traceIdOf } from '@automation/domain';
import winston from 'winston';
import { systemClock, type Clock } from './clock.ts';
import { foldFloods } from './fold-floods.ts';
import { jsonLine } from './json-line.ts';
import { logLevels, type LogFields, type LogFormat, type LogLevel, type WriteEvent } from './log-event.ts';
import { LogLevelSwitch } from './log-level-switch.ts';
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
  /** A switch, if it may change later. */
  readonly level: LogLevel | LogLevelSwitch;
  readonly format: LogFormat;
  /** stdout if not given. */
  readonly stream?: LogStream;
  /** Only NO_COLOR is read of it (https://no-color.org). */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

const eventNames = new Set(['time', 'level', 'service', 'message']);

/**
 * A logger on winston that writes each event as one line of JSON, or for the eye (SPEC 6). Floods are folded, and what is
 * said of an execution carries its trace.
 */
export function createLogger(options: LoggerOptions): Logger {
  const stream: LogStream = options.stream ?? process.stdout;
  const { level } = options;
  const logLevel = typeof level === 'string' ? new LogLevelSwitch(level) : level;
  const lines = winston.createLogger({
    levels: Object.fromEntries(logLevels.map((name, order) => [name, order])),
    level: 'debug',
    format: lineFormat(options, stream),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  const write = foldFloods((name, message, fields) => {
    lines.log({ ...clearOfEventNames(traced(fields)), level: name, message });
  });
  // winston would format a line before it drops it for its level.
  return loggerOn((name, message, fields) => {
    if (logLevel.isEnabled(name)) write(name, message, fields);
  }, {});
}

function loggerOn(write: WriteEvent, bound: LogFields): Logger {
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

/** The trace of an execution is known by its id, so that no line about one can be without it. */
function traced(fields: LogFields): LogFields {
  const { execution_id: id } = fields;
  return typeof id === 'string' ? { ...fields, trace_id: traceIdOf(id) } : fields;
}

/** A field named like a part of the event itself is kept as `message_`. */
function clearOfEventNames(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [eventNames.has(name) ? `${name}_` : name, value]),
  );
}
