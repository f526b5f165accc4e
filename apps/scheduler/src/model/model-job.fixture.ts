import type { CatchUpPolicy, ExecutionStatus, JobStatus, OverlapPolicy, Phase } from '@automation/domain';

/** What an attempt may come to. */
export type Result = 'yes' | 'no' | 'unavailable' | 'rejected';

export interface ModelExecution {
  at: number;
  status: ExecutionStatus;
  phase: Phase;
  attempts: number;
  isOpen: boolean;
  isWaiting: boolean;
  /** Null: it has none, or is to get a new one. */
  task: string | null;
  /** The latest that it had, and whether a worker has ever taken that. */
  formerTask: string | null;
  isTaskTaken: boolean;
  /** The attempt of its task under which it is leased. */
  lease: number | null;
}

export interface Settings {
  intervalMs: number;
  overlap: OverlapPolicy;
  catchUp: CatchUpPolicy;
  maxRuns: number;
}

interface Span {
  anchor: number;
  intervalMs: number;
  after: number;
  until: number;
}

export const CATCH_UP_WINDOW_S = 300;
export const RETRY_LIMIT = 1;
const MISSED_AFTER_MS = 60_000;

/** What is to become of a job with a schedule of `@every`: the rules of SPEC 1 and 3, as simple as they can be said. */
export class ModelJob {
  readonly id: string;
  settings: Settings;
  status: JobStatus = 'active';
  runCount = 0;
  next: number | null;
  readonly executions: ModelExecution[] = [];
  readonly missed: { from: number; to: number; count: number }[] = [];
  readonly #closedSpans: Span[] = [];
  #anchor: number;
  #activeSince: number;

  constructor(id: string, settings: Settings, now: number) {
    this.id = id;
    this.settings = settings;
    this.#anchor = this.#activeSince = now;
    this.next = now + settings.intervalMs;
  }

  get open(): ModelExecution[] {
    return this.executions.filter(({ isOpen }) => isOpen);
  }

  get waiting(): ModelExecution[] {
    return this.executions.filter(({ isWaiting }) => isWaiting);
  }

  /** Every occurrence up to now while the job was active. */
  expected(now: number): number[] {
    const current = { anchor: this.#anchor, intervalMs: this.settings.intervalMs };
    const last = this.next === null ? [] : [{ ...current, after: this.#activeSince, until: now }];
    return [...this.#closedSpans, ...last].flatMap(({ anchor, intervalMs, after, until }) => {
      const first = anchor + Math.max(1, Math.floor((after - anchor) / intervalMs) + 1) * intervalMs;
      const count = Math.max(0, Math.floor((until - first) / intervalMs) + 1);
      return Array.from({ length: count }, (_, n) => first + n * intervalMs);
    });
  }

  claim(now: number): void {
    const due = this.#due(now);
    const last = due.at(-1);
    if (last === undefined) return;
    const isLate = now - last > MISSED_AFTER_MS;
    const run = this.#toRun(due, isLate, now);
    this.#miss(due.filter((at) => !run.includes(at)));
    const isCatchUp = isLate || run.length > 1 || run[0] !== last;
    const catchesUpAll = this.settings.catchUp === 'all' && run.length > 0 && isCatchUp;
    for (const at of run) this.#admit(at, catchesUpAll);
    this.next = last + this.settings.intervalMs;
  }

  pause(now: number): void {
    this.#stop('paused', now);
  }

  /** False if it is refused. */
  resume(now: number): boolean {
    if (this.#isUsedUp()) return false;
    const { intervalMs } = this.settings;
    this.status = 'active';
    this.#activeSince = now;
    this.next = this.#anchor + (Math.floor((now - this.#anchor) / intervalMs) + 1) * intervalMs;
    return true;
  }

  /** False if it is refused. */
  edit(changes: Partial<Settings>, now: number): boolean {
    const settings = { ...this.settings, ...changes };
    const { maxRuns } = settings;
    if (maxRuns > 0 && this.open.length > 0 && this.runCount + this.open.length > maxRuns) return false;
    const isRescheduled = settings.intervalMs !== this.settings.intervalMs;
    if (isRescheduled) this.#leaveTimetable(now);
    this.settings = settings;
    if (isRescheduled) {
      this.#anchor = this.#activeSince = now;
      if (this.next !== null) this.next = now + settings.intervalMs;
    }
    if (this.#isUsedUp()) this.#stop('completed', now);
    else if (this.status === 'completed') this.status = 'paused';
    this.#release();
    return true;
  }

  cancel(execution: ModelExecution): void {
    this.#finish(execution, 'cancelled');
    this.#release();
  }

  /** What recording attempts' results means, of those that are still under their leases. */
  record(results: readonly { execution: ModelExecution; result: Result }[], now: number): void {
    for (const { execution, result } of results) this.#settle(execution, result);
    // What goes on makes no room.
    if (results.every(({ execution }) => execution.isOpen)) return;
    if (this.#isUsedUp()) this.#stop('completed', now);
    else this.#release();
  }

  #settle(execution: ModelExecution, result: Result): void {
    const { phase, attempts } = execution;
    execution.attempts += 1;
    const isHandedOff = phase === 'check' && result === 'yes';
    if (isHandedOff) Object.assign(execution, { phase: 'perform', status: 'performing', attempts: 0 });
    if (isHandedOff || (result === 'unavailable' && attempts < RETRY_LIMIT)) {
      Object.assign(execution, { task: null, isTaskTaken: false, lease: null });
      return;
    }
    if (phase === 'perform') this.runCount += 1;
    const isRefused = result === 'unavailable' || result === 'rejected';
    this.#finish(execution, isRefused ? 'failed' : phase === 'check' ? 'declined' : 'succeeded');
  }

  #due(now: number): number[] {
    const due = [];
    for (let at = this.next ?? Infinity; at <= now; at += this.settings.intervalMs) due.push(at);
    return due;
  }

  #toRun(due: readonly number[], isLate: boolean, now: number): number[] {
    const last = due.slice(-1);
    if (!isLate && due.length === 1) return last;
    if (this.settings.catchUp === 'latest') return last;
    const inWindow = due.filter((at) => at >= now - CATCH_UP_WINDOW_S * 1_000);
    if (this.settings.catchUp === 'all' && inWindow.length > 0) return inWindow;
    return isLate ? [] : last;
  }

  #admit(at: number, catchesUpAll: boolean): void {
    const { overlap, maxRuns } = this.settings;
    const waiting = this.waiting.length;
    const inFlight = this.open.length;
    const isFree = catchesUpAll
      ? waiting === 0 && inFlight - waiting < this.#atOnce()
      : inFlight === 0 || overlap === 'allow';
    const mayWait = catchesUpAll || (overlap === 'queue' && waiting === 0);
    const hasRuns = maxRuns === 0 || this.runCount + inFlight < maxRuns;
    const isOpen = hasRuns && (isFree || mayWait);
    const fresh = {
      at,
      phase: 'check',
      attempts: 0,
      task: null,
      formerTask: null,
      isTaskTaken: false,
      lease: null,
    } as const;
    const status = isOpen ? 'pending' : 'skipped';
    this.executions.push({ ...fresh, status, isOpen, isWaiting: isOpen && !isFree });
  }

  #miss(occurrences: readonly number[]): void {
    const [from] = occurrences;
    const to = occurrences.at(-1);
    if (from !== undefined && to !== undefined) this.missed.push({ from, to, count: occurrences.length });
  }

  #leaveTimetable(now: number): void {
    if (this.next === null) return;
    this.#miss(this.#due(now));
    const { intervalMs } = this.settings;
    this.#closedSpans.push({ anchor: this.#anchor, intervalMs, after: this.#activeSince, until: now });
  }

  #stop(status: JobStatus, now: number): void {
    this.#leaveTimetable(now);
    this.status = status;
    this.next = null;
    for (const execution of this.waiting) this.#finish(execution, 'cancelled');
  }

  #finish(execution: ModelExecution, status: ExecutionStatus): void {
    Object.assign(execution, { status, isOpen: false, isWaiting: false, task: null, lease: null });
  }

  #release(): void {
    const free = this.#atOnce() - (this.open.length - this.waiting.length);
    for (const execution of this.waiting.slice(0, Math.max(0, free))) execution.isWaiting = false;
  }

  #atOnce(): number {
    return this.settings.overlap === 'allow' ? 100 : 1;
  }

  #isUsedUp(): boolean {
    return this.settings.maxRuns > 0 && this.runCount >= this.settings.maxRuns;
  }
}
