import { runningAtOnce } from './admit.ts';
import type { MissedRun } from './catch-up.ts';
import { createJob, type NewJob } from './create-job.ts';
import { buildDefinition, CREATED_AT } from './job.fixture.ts';
import type { Job } from './job.ts';
import { type ClaimPlan, planClaim, type PlannedExecution } from './plan-claim.ts';
import { justBefore } from './timetable.ts';
import { type JobPatch, missedByChange, updateJob } from './update-job.ts';

export interface SimulationOptions {
  createdAt?: Date;
  /** Executions of a claim, at most. */
  batchSize?: number;
  /** How long the nth execution to start takes, in ms. */
  takes?: (nth: number) => number;
  /** Whether the nth execution's check says that it shall perform. */
  performs?: (nth: number) => boolean;
}

export interface SimulatedExecution {
  planned: PlannedExecution;
  /** By the clock of that moment. */
  startedAt: Date | null;
  fate: 'waiting' | 'running' | 'finished' | 'skipped' | 'cancelled';
}

/** A stretch of time in which the job ran by one timetable: its occurrences in it must all be in the ledger. */
export interface ActiveSpan {
  timetable: Job;
  /** Not included. */
  after: Date;
  /** Included. */
  until: Date;
}

const END_OF_TIME = new Date(8_640_000_000_000_000);

interface Running {
  execution: SimulatedExecution;
  nth: number;
  endsAt: number;
}

/**
 * A job's life in virtual time: a scheduler that claims at the instant when something is due, or as soon as it is up
 * again, workers that take a given time for an execution, and a store that keeps what SPEC 3 says of the ledger.
 */
export class Simulation {
  job: Job;
  readonly executions: SimulatedExecution[] = [];
  readonly missed: MissedRun[] = [];
  readonly closedSpans: ActiveSpan[] = [];
  /** Rules of execution that were broken, in words. */
  readonly faults: string[] = [];
  /** Executions that each claim wrote. */
  readonly claimSizes: number[] = [];
  /** Whether the job was planned anew while the clock said less than it had before: history may repeat itself. */
  wasReplannedInThePast = false;
  readonly #options: Required<SimulationOptions>;
  readonly #inLedger = new Set<number>();
  #running: Running[] = [];
  #waiting: SimulatedExecution[] = [];
  #now: number;
  #latest: number;
  #activeSince: Date;
  #started = 0;
  #lastStarted = 0;

  constructor(definition: Partial<NewJob> = {}, options: SimulationOptions = {}) {
    const defaults = { createdAt: CREATED_AT, batchSize: 100, takes: () => 1_000, performs: () => true };
    this.#options = { ...defaults, ...options };
    this.job = createJob(buildDefinition(definition), this.#options.createdAt);
    this.#now = this.#latest = this.#options.createdAt.getTime();
    this.#activeSince = this.#options.createdAt;
  }

  get now(): Date {
    return new Date(this.#now);
  }

  /** Executions that run, and that wait. */
  get unfinished(): { running: number; waiting: number } {
    return { running: this.#running.length, waiting: this.#waiting.length };
  }

  /** Time passes up to an instant (none if it has passed already) with everything working. */
  runTo(end: Date): this {
    return this.#advance(end, true);
  }

  /** Time passes while every scheduler is down; workers finish what they have. */
  downTo(end: Date): this {
    return this.#advance(end, false);
  }

  /** The clock jumps, in ms, and no time passes: executions go on for as long as they would have. */
  stepClock(ms: number): this {
    this.#setClock(this.#now + ms);
    for (const running of this.#running) running.endsAt += ms;
    return this;
  }

  /** A user's change, as the api writes it. */
  update(patch: JobPatch): this {
    this.#replaceJob(updateJob(this.job, patch, this.now));
    return this;
  }

  /** The stretches of time in which the job was active, as far as claims have come. */
  spans(): ActiveSpan[] {
    const { nextOccurrence } = this.job;
    if (nextOccurrence === null) return this.closedSpans;
    const until = justBefore(nextOccurrence);
    return [...this.closedSpans, { timetable: this.job, after: this.#activeSince, until }];
  }

  #advance(end: Date, schedulerIsUp: boolean): this {
    for (;;) {
      const { nextRun } = this.job;
      const ending = this.#running[0];
      const dueAt = schedulerIsUp && nextRun !== null ? Math.max(nextRun.getTime(), this.#now) : Infinity;
      const endsAt = ending?.endsAt ?? Infinity;
      if (Math.min(dueAt, endsAt) > end.getTime()) break;
      this.#setClock(Math.min(dueAt, endsAt));
      if (ending && endsAt <= dueAt) this.#finish(ending);
      else this.#claim();
    }
    this.#setClock(Math.max(this.#now, end.getTime()));
    return this;
  }

  /** What a scheduler's claim does with this job. */
  #claim(): void {
    const { nextRun, nextOccurrence } = this.job;
    if (nextRun === null || nextOccurrence === null) throw new Error('a claim of a job that is not due');
    const plan = planClaim({ ...this.job, nextRun, nextOccurrence }, this.now, this.#options.batchSize);
    const written = plan.executions.filter((planned) => !this.#inLedger.has(planned.scheduledFor.getTime()));
    this.claimSizes.push(written.length);
    if (plan.missed !== null) this.missed.push(plan.missed);
    this.#advanceJob(plan);
    for (const planned of written) this.#admit(planned);
    // What was to run first may have been in the ledger before.
    if (this.#running.length === 0) this.#release();
    if (plan.status === 'paused') this.#cancelWaiting();
  }

  #advanceJob({ next, status, statusReason }: ClaimPlan): void {
    const before = this.job;
    const position = { nextRun: next?.dueAt ?? null, nextOccurrence: next?.scheduledFor ?? null };
    this.job = { ...before, ...position, status, statusReason, enabled: status === 'active' };
    if (status === 'active') return;
    this.closedSpans.push({ timetable: before, after: this.#activeSince, until: END_OF_TIME });
  }

  #admit(planned: PlannedExecution): void {
    const execution: SimulatedExecution = { planned, startedAt: null, fate: 'skipped' };
    this.#inLedger.add(planned.scheduledFor.getTime());
    this.executions.push(execution);
    if (planned.state === 'skipped') return;
    this.#count({ inFlight: 1 });
    if (planned.state === 'ready') {
      this.#start(execution);
      return;
    }
    execution.fate = 'waiting';
    this.#waiting.push(execution);
    this.#waiting.sort((a, b) => scheduledFor(a) - scheduledFor(b));
    this.#count({ waiting: 1 });
  }

  #start(execution: SimulatedExecution): void {
    this.#checkStart(execution);
    const nth = this.#started;
    this.#started += 1;
    this.#running.push({ execution, nth, endsAt: this.#now + this.#options.takes(nth) });
    this.#running.sort((a, b) => a.endsAt - b.endsAt);
    execution.startedAt = this.now;
    execution.fate = 'running';
  }

  #checkStart(execution: SimulatedExecution): void {
    const what = execution.planned.scheduledFor.toISOString();
    if (this.job.overlapPolicy === 'allow') return;
    if (this.#running.length > 0) this.faults.push(`${what} starts while another one runs`);
    const isLate = scheduledFor(execution) < this.#lastStarted && !this.wasReplannedInThePast;
    if (isLate) this.faults.push(`${what} starts after a later one`);
    this.#lastStarted = scheduledFor(execution);
  }

  /** What recording an execution's last phase does. */
  #finish(running: Running): void {
    this.#running = this.#running.filter((other) => other !== running);
    running.execution.fate = 'finished';
    this.#count({ inFlight: -1, runCount: this.#options.performs(running.nth) ? 1 : 0 });
    const { maxRuns, runCount } = this.job;
    if (maxRuns > 0 && runCount > maxRuns) this.faults.push(`${runCount} of ${maxRuns} runs`);
    if (maxRuns > 0 && runCount >= maxRuns) {
      const over = { enabled: false, status: 'completed', nextRun: null, nextOccurrence: null } as const;
      this.#replaceJob({ ...this.job, ...over, statusReason: `max_runs ${maxRuns} reached` });
    } else this.#release();
  }

  /** Lets as many go on as may run. */
  #release(): void {
    const free = runningAtOnce(this.job) - this.#running.length;
    for (const execution of this.#waiting.splice(0, Math.max(0, free))) {
      this.#count({ waiting: -1 });
      this.#start(execution);
    }
  }

  #cancelWaiting(): void {
    for (const execution of this.#waiting.splice(0)) {
      this.#count({ waiting: -1, inFlight: -1 });
      execution.fate = 'cancelled';
    }
  }

  /** Writes a changed job and what the change means for the ledger, as the api and the recorder do. */
  #replaceJob(after: Job): void {
    const before = this.job;
    const missed = missedByChange(before, after, this.now);
    if (missed !== null) this.missed.push(missed);
    this.#closeSpan(before, after);
    this.job = after;
    if (before.enabled && !after.enabled) this.#cancelWaiting();
    else this.#release();
  }

  /** A change that leaves the next occurrence alone takes over there; any other one accounts for all up to now. */
  #closeSpan(before: Job, after: Job): void {
    const dealtWith = before.nextOccurrence && justBefore(before.nextOccurrence);
    const isKept = before.nextOccurrence?.getTime() === after.nextOccurrence?.getTime();
    this.wasReplannedInThePast ||= after.enabled && !isKept && this.#now < this.#latest;
    if (dealtWith === null) {
      this.#activeSince = this.now;
      return;
    }
    const until = isKept || dealtWith > this.now ? dealtWith : this.now;
    this.closedSpans.push({ timetable: before, after: this.#activeSince, until });
    this.#activeSince = isKept ? dealtWith : this.now;
  }

  #count(changes: Partial<Record<'inFlight' | 'waiting' | 'runCount', number>>): void {
    const { inFlight = 0, waiting = 0, runCount = 0 } = changes;
    this.job = {
      ...this.job,
      inFlight: this.job.inFlight + inFlight,
      waiting: this.job.waiting + waiting,
      runCount: this.job.runCount + runCount,
    };
  }

  #setClock(now: number): void {
    this.#now = now;
    this.#latest = Math.max(this.#latest, now);
  }
}

function scheduledFor({ planned }: SimulatedExecution): number {
  return planned.scheduledFor.getTime();
}
