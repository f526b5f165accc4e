import { setTimeout as delay } from 'node:timers/promises';

import { type PhaseTask, recordOutcomes } from '@automation/dispatch';
import type { TaskQueue } from '@automation/queue';
import { type Logger, type OutageWatch, Pace } from '@automation/service-kit';
import type { Database, Recorded } from '@automation/store';

import { fieldsOf, type SettledLease } from './execution-log.ts';

export interface RecorderContext {
  db: Database;
  queue: TaskQueue;
  logger: Logger;
  outage: Pick<OutageWatch, 'noticed'>;
  /** Told of each execution whose outcome is recorded. */
  onRecorded: (settled: SettledLease, recorded: Recorded) => void;
  /** Told of each task all of whose executions are recorded. */
  onCompleted: (task: PhaseTask) => void;
}

interface Batch {
  settled: SettledLease[];
  completed: PhaseTask[];
}

const LARGEST_BATCH = 500;
/** Of the outcomes of one transaction: its statement takes a multiple of it. */
const LARGEST_BATCH_BYTES = 4 * 2 ** 20;
/** Of all that is not recorded yet: from there on executions keep their places, and no others begin. */
const MOST_BYTES = 16 * 2 ** 20;
/** Outcomes that come one after the other share transactions. */
const SPACING_MS = 10;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** A deadlock, say, comes to nothing the next time; an outcome that is refused so often always will be. */
const MOST_REFUSALS = 4;

/**
 * Records outcomes as they come, in batches: what arrives within some ms of a transaction's start goes into the next one.
 * So a lone outcome waits for nobody, and under load a transaction carries hundreds.
 */
export class Recorder {
  readonly #context: RecorderContext;
  readonly #aborted = new AbortController();
  readonly #pace = new Pace(SPACING_MS);
  readonly #open = new Map<PhaseTask, Set<string>>();
  readonly #waiting: { task: PhaseTask; settled: SettledLease }[] = [];
  #bytes = 0;
  #room = Promise.withResolvers<void>();
  #emptyTasks: PhaseTask[] = [];
  #flushing: Promise<void> | null = null;

  constructor(context: RecorderContext) {
    this.#context = context;
  }

  /** Makes a task known by the executions that were leased under it; one without any is completed as it is. */
  open(task: PhaseTask, executionIds: readonly string[]): void {
    if (executionIds.length > 0) this.#open.set(task, new Set(executionIds));
    else this.#emptyTasks.push(task);
    if (executionIds.length === 0) this.#flushSoon();
  }

  /** Takes an outcome, to be recorded in its turn. Resolves when there is room for another one. */
  async record(task: PhaseTask, settled: SettledLease): Promise<void> {
    this.#waiting.push({ task, settled });
    this.#bytes += settled.bytes;
    this.#flushSoon();
    while (this.#bytes > MOST_BYTES && !this.#aborted.signal.aborted) await this.#room.promise;
  }

  /** Leaves an execution of which there is nothing to record. */
  leave(task: PhaseTask, executionId: string): void {
    if (!this.#isThrough(task, executionId)) return;
    this.#emptyTasks.push(task);
    this.#flushSoon();
  }

  /** Resolves when all that was given is recorded. */
  async drain(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  /** Stops trying; what is not recorded by now is left to the worker that gets its task next. */
  abort(): void {
    this.#aborted.abort();
    this.#room.resolve();
  }

  #flushSoon(): void {
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = null;
    });
  }

  async #flushAll(): Promise<void> {
    // Outcomes of the same moment come in one after the other; they are worth one turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#aborted.signal.aborted && this.#waiting.length + this.#emptyTasks.length > 0) {
      if (this.#waiting.length < LARGEST_BATCH) await this.#pace.turn(this.#aborted.signal);
      const batch = this.#waiting.splice(0, this.#batchSize());
      const emptyTasks = this.#emptyTasks.splice(0);
      await this.#flush(batch, emptyTasks);
    }
  }

  async #flush(batch: { task: PhaseTask; settled: SettledLease }[], emptyTasks: PhaseTask[]): Promise<void> {
    const completed = [...emptyTasks, ...this.#close(batch)];
    const settled = batch.map((entry) => entry.settled);
    const isRecorded = await this.#record({ settled, completed });
    this.#makeRoom(settled);
    if (!isRecorded) return;
    for (const task of completed) this.#context.onCompleted(task);
  }

  /** How many of those that wait go into the next transaction; one at least. */
  #batchSize(): number {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ settled }, index) => {
      bytes += settled.bytes;
      return index === LARGEST_BATCH || (index > 0 && bytes > LARGEST_BATCH_BYTES);
    });
    return end === -1 ? this.#waiting.length : end;
  }

  #makeRoom(settled: readonly SettledLease[]): void {
    for (const { bytes } of settled) this.#bytes -= bytes;
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }

  /** Takes the batch's executions out of their tasks; answers the tasks that are through with it. */
  #close(batch: readonly { task: PhaseTask; settled: SettledLease }[]): PhaseTask[] {
    return batch
      .filter(({ task, settled }) => this.#isThrough(task, settled.execution.id))
      .map(({ task }) => task);
  }

  /** Takes an execution out of its task; answers whether it was the task's last. */
  #isThrough(task: PhaseTask, executionId: string): boolean {
    const open = this.#open.get(task);
    open?.delete(executionId);
    if (open?.size !== 0) return false;
    this.#open.delete(task);
    return true;
  }

  /**
   * Tries until the database takes it: the statement is guarded, so a repeat after a lost answer changes nothing. What it
   * refuses is tried in halves, so that an outcome that can't be recorded stands in nobody's way. False: given up.
   */
  async #record(batch: Batch): Promise<boolean> {
    const { db, queue, logger, outage } = this.#context;
    let { settled } = batch;
    let refusals = 0;
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      let recorded: Recorded[];
      try {
        recorded = await recordOutcomes(db, queue, { ...batch, settled });
      } catch (error) {
        if (this.#aborted.signal.aborted) return false;
        if (!outage.noticed(error)) {
          refusals += 1;
          if (refusals === 1) logger.warn('cannot record outcomes, trying again', { error });
          else if (settled.length > 1) return this.#recordInHalves(batch);
          else if (refusals === MOST_REFUSALS)
            settled = settled.map((each) => this.#unrecordable(each, error));
        }
        await delay(wait);
        continue;
      }
      this.#tell(settled, recorded);
      return true;
    }
  }

  async #recordInHalves({ settled, completed }: Batch): Promise<boolean> {
    const middle = Math.ceil(settled.length / 2);
    const isRecorded = await this.#record({ settled: settled.slice(0, middle), completed: [] });
    return isRecorded && this.#record({ settled: settled.slice(middle), completed });
  }

  #tell(settled: readonly SettledLease[], recorded: readonly Recorded[]): void {
    const byExecution = new Map(recorded.map((row) => [row.executionId, row]));
    for (const each of settled) {
      const row = byExecution.get(each.execution.id);
      if (row) this.#context.onRecorded(each, row);
      else
        this.#context.logger.warn('outcome dropped: the execution has gone on without it', {
          phase: each.settlement.phase,
          ...fieldsOf(each.execution),
        });
    }
  }

  /** What takes the place of an outcome that the database always refuses: the execution ends without it. */
  #unrecordable({ execution, settlement }: SettledLease, error: unknown): SettledLease {
    const { phase } = settlement;
    this.#context.logger.error('an outcome cannot be recorded', { error, phase, ...fieldsOf(execution) });
    const reason = `${phase}: what came of it cannot be recorded`;
    const failed = { ...settlement, status: 'failed' as const, reason, record: null, next: null };
    return { execution, settlement: failed, result: null, bytes: 0 };
  }
}
