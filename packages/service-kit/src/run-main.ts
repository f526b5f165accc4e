import { ConfigError } from './config-error.ts';
import { withDeadline } from './deadline.ts';
import { errorMessage } from './error-message.ts';
import { exitCodes } from './exit-codes.ts';
import { loadConfig } from './load-config.ts';
import { LogLevelSwitch } from './log-level-switch.ts';
import { createLogger, type Logger } from './logger.ts';
import type { MainProcess } from './main-process.ts';
import { lifecycleKeys, logKeys, type LifecycleConfig, type LogConfig } from './shared-keys.ts';

/** A started app. */
export interface Running {
  /** Finishes what is in flight within SHUTDOWN_GRACE_MS and gives back the rest. */
  stop(): Promise<void>;
}

export interface MainOptions {
  readonly service: string;
  /** Its loggers share the switch, so that the level can be changed while the app runs. */
  readonly start: (env: NodeJS.ProcessEnv, logLevel: LogLevelSwitch) => Promise<Running>;
  readonly env?: NodeJS.ProcessEnv;
  readonly process?: MainProcess;
}

type OwnConfig = LogConfig & LifecycleConfig;

interface Main {
  readonly host: MainProcess;
  readonly logger: Logger;
  readonly config: OwnConfig;
}

/** What an app may take beyond its grace period to close its queue and its pool. */
const closingMs = 2000;

/** Ctrl-C reaches npm and what it runs, and npm sends it on: a SIGINT so soon after the first signal is the same one. */
const echoMs = 500;

/**
 * The body of each main.ts: starts the app, stops it on SIGTERM or SIGINT, and exits (SPEC 6) with
 * 0 after a clean stop, 78 on a ConfigError, 130 or 143 on a second signal, and 1 on anything else that goes wrong:
 * a failed start, a stop that fails or takes longer than SHUTDOWN_GRACE_MS + 2 s, an error that nobody caught.
 * SIGUSR2 turns debug lines on, and off again.
 *
 * Resolves once the app has started or the process was told to exit; does not throw.
 */
export async function runMain(options: MainOptions): Promise<void> {
  const { service, start, env = process.env, process: host = process } = options;
  const config = ownConfig(env);
  const { LOG_LEVEL, LOG_FORMAT: format } = config;
  const level = new LogLevelSwitch(LOG_LEVEL);
  const main: Main = {
    host,
    config,
    logger: createLogger({ service, level, format, env, stream: host.stdout }),
  };
  exitOnUncaughtErrors(main);
  host.on('SIGUSR2', () => level.toggleDebug(main.logger));
  const running = Promise.try(start, env, level);
  stopOnSignals(main, running);
  try {
    await running;
  } catch (error) {
    exitOnFailedStart(main, service, error);
  }
}

/** Mistakes in these settings are left to the app, which names them together with all the others. */
function ownConfig(env: NodeJS.ProcessEnv): OwnConfig {
  const keys = { ...logKeys, ...lifecycleKeys };
  try {
    return loadConfig<OwnConfig>(keys, env);
  } catch {
    return loadConfig<OwnConfig>(keys, {});
  }
}

function exitOnUncaughtErrors({ host, logger }: Main): void {
  host.on('uncaughtException', (error) => {
    logger.error('uncaught exception', { error });
    host.exit(exitCodes.failure);
  });
  host.on('unhandledRejection', (error) => {
    logger.error('unhandled rejection', { error });
    host.exit(exitCodes.failure);
  });
}

function stopOnSignals(main: Main, running: Promise<Running>): void {
  let stoppingSince: number | null = null;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    main.host.on(signal, () => {
      if (stoppingSince === null) {
        stoppingSince = performance.now();
        main.logger.info('stopping', { signal });
        void stopAndExit(main, running);
        return;
      }
      if (signal === 'SIGINT' && performance.now() - stoppingSince < echoMs) return;
      main.logger.warn('second signal, exiting at once', { signal });
      main.host.exit(exitCodes[signal]);
    });
  }
}

/** A signal that comes during the start is answered as soon as there is something to stop. */
async function stopAndExit({ host, logger, config }: Main, running: Promise<Running>): Promise<void> {
  try {
    await withDeadline(config.SHUTDOWN_GRACE_MS + closingMs, async () => (await running).stop());
    logger.info('stopped');
    host.exit(exitCodes.ok);
  } catch (error) {
    logger.error('could not stop cleanly', { error });
    host.exit(exitCodes.failure);
  }
}

function exitOnFailedStart({ host, config }: Main, service: string, error: unknown): void {
  if (error instanceof ConfigError) {
    host.stderr.write(error.problems.map((problem) => `${problem}\n`).join(''));
    host.exit(exitCodes.config);
    return;
  }
  host.stderr.write(`${service} could not start: ${errorMessage(error)}\n`);
  if (config.LOG_LEVEL === 'debug' && Error.isError(error)) host.stderr.write(`${error.stack}\n`);
  host.exit(exitCodes.failure);
}
