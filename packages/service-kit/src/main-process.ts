import type { LogStream } from './logger.ts';

type ProcessEvent = 'SIGTERM' | 'SIGINT' | 'SIGUSR2' | 'uncaughtException' | 'unhandledRejection';

/** The part of Node's `process` that the body of a main.ts uses, so that a test can stand in for it. */
export interface MainProcess {
  readonly stdout: LogStream;
  readonly stderr: { write(text: string): unknown };
  on(event: ProcessEvent, listener: (reason: unknown) => void): unknown;
  exit(code: number): void;
}
