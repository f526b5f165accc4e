import { type LogFields, type LogLevel, logLevels } from './log-event.ts';

/** Where a change is said; every logger is one. */
interface ChangeLog {
  info(message: string, fields: LogFields): void;
}

/** Down to which level a process writes its log. It can be changed while the process runs. */
export class LogLevelSwitch {
  readonly configured: LogLevel;
  #level: LogLevel;

  constructor(configured: LogLevel) {
    this.configured = configured;
    this.#level = configured;
  }

  get level(): LogLevel {
    return this.#level;
  }

  isEnabled(level: LogLevel): boolean {
    return logLevels.indexOf(level) <= logLevels.indexOf(this.#level);
  }

  /** Changes the level, and says so while or as soon as the log shows it. */
  set(level: LogLevel, logger: ChangeLog): void {
    const say = () => logger.info('log level changed', { from, to: level });
    const from = this.#level;
    const wasShown = this.isEnabled('info');
    if (wasShown) say();
    this.#level = level;
    if (!wasShown) say();
  }

  /** To `debug`, and from there back to what is configured. */
  toggleDebug(logger: ChangeLog): void {
    this.set(this.#level === 'debug' ? this.configured : 'debug', logger);
  }
}
