import type { ExecutionStatus, OverlapPolicy, Phase, Trigger } from '@automation/domain';

/** What an answer of a function says: of a perform, `yes` is that it was done. */
export type Meaning = 'yes' | 'no' | 'accepted' | 'fault';

/** What a function said later of an attempt that it had accepted, and what the api answered; null if nothing. */
export interface Completion {
  at: number;
  means: Meaning;
  status: number | null;
}

/** A request that the function server got. All instants are milliseconds since the epoch. */
export interface Call {
  at: number;
  job: string;
  execution: string;
  phase: Phase;
  attempt: number;
  /** The Idempotency-Key. */
  key: string;
  scheduledFor: string;
  /** The process that sent it, if it could be found out. */
  sender: number | null;
  /** What was answered, once it was sent in full. */
  answer: { status: number; means: Meaning } | null;
  /** When it was answered or broke off. */
  endedAt: number | null;
  /** Until when an accepted attempt may be completed. */
  acceptedUntil: number | null;
  completions: Completion[];
}

/** What was done to the service. `until` is when it was over: the process went on, the database answered again. */
export interface Incident {
  kind: 'kill' | 'stop' | 'terminate' | 'database';
  at: number;
  until: number;
  /** Of the process; null for the database. */
  pid: number | null;
  what: string;
}

/** A process from its start to its end. */
export interface Life {
  name: string;
  app: string;
  pid: number;
  startedAt: number;
  readyAt: number | null;
  endedAt: number | null;
  code: number | null;
  signal: string | null;
  /** What we did to end it. */
  endedBy: 'kill' | 'terminate' | null;
  /** ERROR lines of its log. */
  errors: string[];
  /** What the scan of the ledger said that it found and repaired. */
  findings: string[];
}

/** Something that was asked of the api. */
export interface Operation {
  job: string;
  kind: string;
  sentAt: number;
  answeredAt: number;
  /** Null if there was no answer. */
  status: number | null;
  /** Whether the job is enabled after it, as far as the answer says so. */
  enabled: boolean | null;
}

export interface LedgerJob {
  id: string;
  name: string;
  schedule: string;
  status: string;
  statusReason: string | null;
  enabled: boolean;
  runCount: number;
  checkCount: number;
  maxRuns: number;
  inFlight: number;
  waiting: number;
  nextOccurrence: number | null;
  overlapPolicy: OverlapPolicy;
  pauseAfterFailures: number;
  endAt: number | null;
}

/** By which timetable a job was active from when (not included) to when (included; null: it goes on). */
export interface LedgerSpan {
  job: string;
  after: number;
  until: number | null;
  schedule: string;
  timezone: string;
  anchor: number;
  startAt: number | null;
  endAt: number | null;
}

/** What is recorded of a phase. */
export interface LedgerPhase {
  status: string;
  /** When the worker began its latest attempt. */
  startedAt: number;
  attempts: number;
  httpStatus: number | null;
}

export interface LedgerExecution {
  id: string;
  job: string;
  trigger: Trigger;
  scheduledFor: number;
  /** With its microseconds. */
  scheduledForText: string;
  status: ExecutionStatus;
  reason: string | null;
  createdAt: number;
  completedAt: number | null;
  check: LedgerPhase | null;
  perform: LedgerPhase | null;
}

export interface LedgerMissed {
  job: string;
  from: number;
  to: number;
  count: number;
}

export interface Ledger {
  jobs: LedgerJob[];
  spans: LedgerSpan[];
  executions: LedgerExecution[];
  missed: LedgerMissed[];
  /** Rows of the waiting list that are left. */
  waitingLeft: number;
}

/** What `GET /automation/audit` answered. */
export interface ProductAudit {
  expected: number;
  due: number;
  open: number;
  unaccounted: number;
  unexpected: number;
  unreadable: number;
  /** Jobs that it names. */
  defects: string[];
}

/** All that is left of a run when it is over. */
export interface Evidence {
  ledger: Ledger;
  calls: Call[];
  incidents: Incident[];
  lives: Life[];
  operations: Operation[];
  audit: ProductAudit;
  /** What the database refused for want of rights. */
  refusals: string[];
  /** The longest that the runner, whose clock the requests have, was late itself. */
  lagMs: number;
}

/** A rule that was broken, and where. */
export interface Violation {
  rule: string;
  what: string;
}
