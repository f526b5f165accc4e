/** The executions that this worker is at. Each can be stopped by itself (it was cancelled), or all at once. */
export class InFlight {
  readonly #controllers = new Map<string, Set<AbortController>>();
  #isClosed = false;
  #isCutOff = false;

  get executionIds(): string[] {
    return [...this.#controllers.keys()];
  }

  /** How many they are. */
  get size(): number {
    return this.#controllers.size;
  }

  /** Whether the worker is stopping: what has not begun is to be left to others. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether its time is over: what is in flight is to be left to others, too. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** Runs the execution's work with a signal that says when to stop. */
  async run<T>(executionId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    if (this.#isCutOff) controller.abort();
    const siblings = this.#controllers.get(executionId) ?? new Set();
    this.#controllers.set(executionId, siblings.add(controller));
    try {
      return await work(controller.signal);
    } finally {
      siblings.delete(controller);
      if (siblings.size === 0) this.#controllers.delete(executionId);
    }
  }

  /** Stops the work of one execution, if it is here. */
  stop(executionId: string): void {
    for (const controller of this.#controllers.get(executionId) ?? []) controller.abort();
  }

  /** Lets nothing begin any more; what has begun may finish. */
  close(): void {
    this.#isClosed = true;
  }

  /** Stops everything, and whatever comes later. */
  cutOff(): void {
    this.close();
    this.#isCutOff = true;
    for (const executionId of this.#controllers.keys()) this.stop(executionId);
  }
}
