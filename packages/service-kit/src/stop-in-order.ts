import { withDeadline } from './deadline.ts';
import type { Logger } from './logger.ts';

export interface StopStage {
  /** What is being stopped: `intake`, `tasks in flight`, `queue`, `pool`. */
  readonly name: string;
  readonly stop: () => Promise<void>;
  /** Milliseconds; 5000 if not given. */
  readonly deadlineMs?: number;
}

const defaultDeadlineMs = 5000;

/**
 * Staged shutdown: runs the stages one after the other. One that fails or is late is logged, and the next still runs;
 * does not throw (SPEC 6, SIGTERM).
 */
export async function stopInOrder(stages: readonly StopStage[], logger: Logger): Promise<void> {
  for (const { name, stop, deadlineMs = defaultDeadlineMs } of stages) {
    try {
      await withDeadline(deadlineMs, stop);
      logger.debug('shutdown stage done', { stage: name });
    } catch (error) {
      logger.warn('shutdown stage failed', { stage: name, error });
    }
  }
}
