/** How much a line matters: a person must act, it healed itself, the life of an execution, the rest. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** For machines, or for the eye. */
export const logFormats = ['json', 'pretty'] as const;
export type LogFormat = (typeof logFormats)[number];

/** What is known about an event beside its message. Names are snake_case: `job_id`, `account_id`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One line of the log before it is written down. */
export interface LogEvent {
  readonly time: Date;
  readonly level: string;
  readonly service: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** Takes what is to be said, one event after the other. */
export type WriteEvent = (level: LogLevel, message: string, fields: LogFields) => void;
