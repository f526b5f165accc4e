import { setTimeout as delay } from 'node:timers/promises';

import type { FunctionDirectory } from '@automation/directory';
import type { PhaseTask } from '@automation/dispatch';
import { type Phase, PHASES } from '@automation/domain';
import { type Consumer, type HeldTask, type TaskQueue } from '@automation/queue';
import type { Logger, OutageWatch, Tracer } from '@automation/service-kit';
import type { CircuitBreakers, Invoker } from '@automation/invoker';
import { type Database, findCancelled } from '@automation/store';

import { ExecutionLog } from './execution-log.ts';
import { FairLimit } from './fair-limit.ts';
import { InFlight } from './in-flight.ts';
import type { WorkerMetrics } from './metrics.ts';
import { Recorder } from './recorder.ts';
import { type RunContext, runTasks } from './run-tasks.ts';

export interface WorkerContext {
  db: Database;
  queue: TaskQueue;
  invoker: Invoker;
  /** Null: functions are kept in our own database. */
  functions: FunctionDirectory | null;
  breakers: CircuitBreakers;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
  metrics: WorkerMetrics;
  tracer: Tracer;
  concurrency: number;
}

/** Retries wait in the queue until their time and announce themselves to nobody: this is how late they may be found. */
const POLL_INTERVAL_MS = 500;
/** Between two questions for the cancellations that nobody has told of. */
const CATCH_UP_RETRY_MS = 1_000;

/** Takes tasks of both phases off their queues and runs them. */
export class Worker {
  readonly #context: WorkerContext;
  readonly #run: RunContext;
  readonly #recorder: Recorder;
  readonly #inFlight = new InFlight();
  readonly #consumers = new Map<Phase, Consumer>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(context: WorkerContext) {
    const { db, queue, logger, outage } = context;
    const log = new ExecutionLog(context);
    this.#context = context;
    this.#recorder = new Recorder({
      db,
      queue,
      logger,
      outage,
      onRecorded: (settled, recorded) => log.recorded(settled, recorded),
      onCompleted: (task) => this.#release(task),
    });
    this.#run = {
      db,
      invoker: context.invoker,
      functions: context.functions,
      recorder: this.#recorder,
      log,
      tracer: context.tracer,
      limit: new FairLimit(context.concurrency),
      inFlight: this.#inFlight,
      breakers: context.breakers,
      roomMade: () => this.#roomMade(),
    };
  }

  /** How many executions it has taken and not done with. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  start(): void {
    const { queue, logger, outage } = this.#context;
    for (const phase of PHASES) {
      const consumer = queue.consume(phase, {
        hasRoom: () => this.#run.limit.hasRoom,
        busyAccounts: () => this.#run.limit.busyAccounts,
        onTasks: (tasks) => this.#take(phase, tasks),
        onError: (error) => {
          if (!outage.noticed(error)) logger.warn('queue error, trying again', { error, phase });
        },
        pollIntervalMs: POLL_INTERVAL_MS,
      });
      this.#consumers.set(phase, consumer);
    }
  }

  /** Stops what is done for an execution that was cancelled, if this worker is at it. */
  cancel(executionId: string): void {
    this.#inFlight.stop(executionId);
  }

  /** Stops what was cancelled while nobody could tell it: asks until the database has answered. Throws nothing. */
  async catchUp(): Promise<void> {
    const { db, logger, outage } = this.#context;
    while (this.#inFlight.size > 0) {
      try {
        for (const id of await findCancelled(db, this.#inFlight.executionIds)) this.cancel(id);
        return;
      } catch (error) {
        if (!outage.noticed(error)) logger.warn('cannot ask what was cancelled, trying again', { error });
        await delay(CATCH_UP_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** Takes no more tasks, and begins no more executions of those that it has. */
  async pause(): Promise<void> {
    this.#inFlight.close();
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.pause()));
  }

  /** Resolves when all that has begun is finished and recorded. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#recorder.drain();
  }

  /** Cuts off what is in flight and records what finished before; the queue gets the rest back when it stops. */
  async cutOff(): Promise<void> {
    this.#inFlight.cutOff();
    await Promise.all(this.#underWay);
    await this.#recorder.drain();
  }

  /** Gives up recording: the database doesn't answer. */
  abandon(): void {
    this.#recorder.abort();
  }

  #take(phase: Phase, tasks: HeldTask[]): void {
    const run = runTasks(this.#run, phase, tasks)
      .catch((error: unknown) => {
        // Without heartbeats the queue hands the tasks out again in some seconds.
        const { logger, outage } = this.#context;
        if (!outage.noticed(error)) logger.warn('cannot run tasks, giving them back', { error, phase });
        for (const task of tasks) this.#consumers.get(phase)?.release(task);
      })
      .finally(() => this.#underWay.delete(run));
    this.#underWay.add(run);
  }

  #release(task: PhaseTask): void {
    this.#consumers.get(task.phase)?.release(task);
  }

  #roomMade(): void {
    for (const consumer of this.#consumers.values()) consumer.roomMade();
  }
}
