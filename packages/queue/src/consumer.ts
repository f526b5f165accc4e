import { setTimeout as delay } from 'node:timers/promises';

import { LowWaterMark } from '@automation/domain';
import type { PgBoss } from 'pg-boss';

import { asError } from './as-error.ts';
import { TOUCH_INTERVAL_MS } from './queues.ts';
import { type HeldTask, priorityAt, type TaskData } from './task.ts';

export interface ConsumerOptions {
  /** Whether there is room for more tasks; asked before each fetch. Call `roomMade` when there may be some again. */
  hasRoom: () => boolean;
  /** Accounts whose own tasks are to be left to others for now; asked before each fetch. */
  busyAccounts: () => readonly string[];
  /** Takes tasks over. They stay this consumer's, kept alive by heartbeats, until `release`. */
  onTasks: (tasks: HeldTask[]) => void;
  /** Told of a fetch or heartbeat that failed; it is tried again. */
  onError: (error: Error) => void;
  /** Milliseconds between looks at the queue when no notification comes; retries are found by it. */
  pollIntervalMs: number;
}

export interface Consumer {
  /** Looks at the queue at once. */
  wake(): void;
  /** Looks at the queue if there was no room for what may be in it, or for the tasks of an account. */
  roomMade(): void;
  /** Ends the heartbeats of a task whose executions are all recorded, or which is given back. */
  release(task: HeldTask): void;
  /** Fetches nothing more. Tasks that are held stay alive until they are released or `stop` is called. */
  pause(): Promise<void>;
  /** Gives held tasks back to the queue, and ends. */
  stop(): Promise<void>;
}

/** Few at a time, so that one worker doesn't take what others wait for. */
const FETCH_SIZE = 4;
/** Whoever floods the queue is busy, and each of its tasks that is enqueued wakes the consumer for nothing. */
const BUSY_PAUSE_MS = 50;
/** Tasks of dead workers, which are old, are found so late. */
const FULL_SEARCH_INTERVAL_MS = 1_000;
/** Tasks appear in the queue when their transactions commit, a little out of order, and by several clocks. */
const OUT_OF_ORDER_MS = 5_000;

export class TaskConsumer implements Consumer {
  readonly #boss: PgBoss;
  readonly #queue: string;
  readonly #options: ConsumerOptions;
  readonly #held = new Map<string, HeldTask>();
  readonly #lowWater = new LowWaterMark(FULL_SEARCH_INTERVAL_MS);
  #wakeUp = new AbortController();
  #moreRoom = new AbortController();
  #isFull = false;
  #ignored: readonly string[] = [];
  #paused = false;
  #loop: Promise<void> = Promise.resolve();
  #heartbeat: NodeJS.Timeout | null = null;

  constructor(boss: PgBoss, queue: string, options: ConsumerOptions) {
    this.#boss = boss;
    this.#queue = queue;
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
    this.#heartbeat = setInterval(() => void this.#touch(), TOUCH_INTERVAL_MS);
  }

  wake(): void {
    this.#wakeUp.abort();
  }

  roomMade(): void {
    if (!this.#hasMoreRoom()) return;
    this.#moreRoom.abort();
    this.wake();
  }

  release({ id, attempt }: HeldTask): void {
    // It may have been lost, and be held again.
    if (this.#held.get(id)?.attempt === attempt) this.#held.delete(id);
  }

  async pause(): Promise<void> {
    this.#paused = true;
    this.#moreRoom.abort();
    this.wake();
    await this.#loop;
  }

  async stop(): Promise<void> {
    await this.pause();
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
    const left = [...this.#held.values()];
    this.#held.clear();
    if (left.length > 0) await this.#boss.fail(this.#queue, left.map(toAttempt));
  }

  async #run(): Promise<void> {
    while (!this.#paused) {
      this.#wakeUp = new AbortController();
      this.#moreRoom = new AbortController();
      this.#isFull = !this.#options.hasRoom();
      this.#ignored = this.#isFull ? [] : this.#options.busyAccounts();
      const found = this.#isFull ? 0 : await this.#fetch();
      if (found === FETCH_SIZE) continue;
      if (this.#ignored.length > 0) await pause(BUSY_PAUSE_MS, this.#moreRoom.signal);
      await pause(this.#options.pollIntervalMs, this.#wakeUp.signal);
    }
  }

  /** Whether there is room now for what the last look at the queue left there. */
  #hasMoreRoom(): boolean {
    if (this.#isFull) return this.#options.hasRoom();
    if (this.#ignored.length === 0) return false;
    const busy = new Set(this.#options.busyAccounts());
    return this.#ignored.some((accountId) => !busy.has(accountId));
  }

  async #fetch(): Promise<number> {
    try {
      const from = this.#lowWater.next();
      const jobs = await this.#boss.fetch<TaskData>(this.#queue, {
        batchSize: FETCH_SIZE,
        ...(from === null ? {} : { maxPriority: priorityAt(from) }),
        ...(this.#ignored.length === 0 ? {} : { ignoreGroups: [...this.#ignored] }),
      });
      const tasks = jobs.map(({ id, data, retryCount }) => ({
        id,
        executionIds: data.executionIds,
        attempt: retryCount,
      }));
      for (const task of tasks) this.#held.set(task.id, task);
      // What is left to others may be older.
      if (jobs.length > 0 && this.#ignored.length === 0)
        this.#lowWater.set(startOfSearch(jobs.map(({ data }) => data)));
      if (tasks.length > 0) this.#options.onTasks(tasks);
      return tasks.length;
    } catch (error) {
      this.#options.onError(asError(error));
      return 0;
    }
  }

  async #touch(): Promise<void> {
    if (this.#held.size === 0) return;
    try {
      await this.#boss.touch(this.#queue, [...this.#held.values()].map(toAttempt));
    } catch (error) {
      this.#options.onError(asError(error));
    }
  }
}

/** Ends early when the signal aborts; that is all that the rejection says. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** Where the next search begins after these tasks were the oldest. */
function startOfSearch(tasks: readonly TaskData[]): Date {
  const starts = tasks.map(({ startAfter }) => Date.parse(startAfter));
  return new Date(Math.min(...starts) - OUT_OF_ORDER_MS);
}

function toAttempt({ id, attempt }: HeldTask): { id: string; retryCount: number } {
  return { id, retryCount: attempt };
}
