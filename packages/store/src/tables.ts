import type {
  Actor,
  AuditAction,
  CatchUpPolicy,
  EventEndpoint,
  ExecutionStatus,
  JobStatus,
  JsonObject,
  JsonValue,
  OverlapPolicy,
  Phase,
  PhaseStatus,
  PublishedEvent,
  Scope,
  Trigger,
} from '@automation/domain';
import type { ColumnType, Generated } from 'kysely';

/**
 * The tables as kysely sees them; CamelCasePlugin turns `nextRun` into `next_run` and back. To be spread over nodes they are
 * distributed by `account_id` (infra/SCALING.md).
 */
export interface Tables {
  accounts: AccountsTable;
  apiKeys: ApiKeysTable;
  functions: FunctionsTable;
  automationJobs: JobsTable;
  automationTimetables: TimetablesTable;
  automationExecutions: ExecutionsTable;
  automationWaitingExecutions: WaitingExecutionsTable;
  automationMissedRuns: MissedRunsTable;
  idempotencyKeys: IdempotencyKeysTable;
  automationAuditLog: AuditLogTable;
  automationEvents: EventsTable;
  automationEventSettings: EventSettingsTable;
  automationEventEndpoints: EventEndpointsTable;
}

export interface AccountsTable {
  id: string;
  name: string;
  createdAt: Date;
}

export interface ApiKeysTable {
  id: string;
  accountId: string;
  name: string;
  prefix: string;
  hash: Buffer;
  scopes: Scope[];
  expiresAt: Date | null;
  revokedAt: Generated<Date | null>;
  lastUsedAt: Generated<Date | null>;
  createdAt: Date;
}

export interface FunctionsTable {
  id: string;
  accountId: string;
  name: string;
  url: string;
  headers: Record<string, string>;
  timeoutSeconds: number;
  secret: string;
  previousSecret: string | null;
  previousSecretUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface JobsTable {
  id: string;
  accountId: string;
  functionId: string;
  name: string;
  description: string;
  schedule: string;
  timezone: string;
  anchor: Date;
  status: JobStatus;
  statusReason: string | null;
  enabled: boolean;
  runCount: number;
  maxRuns: number;
  checkCount: number;
  consecutiveFailures: number;
  inFlight: number;
  waiting: number;
  lastRun: Date | null;
  nextRun: Date | null;
  nextOccurrence: Date | null;
  payload: JsonObject;
  metadata: JsonObject;
  overlapPolicy: OverlapPolicy;
  catchUpPolicy: CatchUpPolicy;
  catchUpWindowSeconds: number;
  jitterSeconds: number;
  startAt: Date | null;
  endAt: Date | null;
  retryLimit: number;
  timeoutSeconds: number | null;
  pauseAfterFailures: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface TimetablesTable {
  jobId: string;
  afterAt: Date;
  untilAt: Date | null;
  schedule: string;
  timezone: string;
  anchor: Date;
  startAt: Date | null;
  endAt: Date | null;
}

export interface ExecutionsTable {
  id: string;
  jobId: string;
  accountId: string;
  functionId: string;
  trigger: Trigger;
  scheduledFor: Date;
  dueAt: Date;
  status: ExecutionStatus;
  reason: string | null;
  phase: Generated<Phase>;
  attempts: Generated<number>;
  taskId: string | null;
  taskAttempt: number | null;
  /** With it the function completes the attempt that is under way. */
  completionToken: Generated<string | null>;
  /** The function accepted the attempt and completes it later; its task is due at the deadline. */
  awaitsCompletion: Generated<boolean>;
  performInput: JsonObject | null;
  checkResult: StoredPhaseRecord | null;
  performResult: StoredPhaseRecord | null;
  createdAt: Generated<Date>;
  startedAt: Date | null;
  completedAt: Date | null;
}

export interface WaitingExecutionsTable {
  jobId: string;
  scheduledFor: Date;
  executionId: string;
}

export interface MissedRunsTable {
  jobId: string;
  accountId: string;
  fromAt: Date;
  toAt: Date;
  count: number;
  reason: string;
  createdAt: Generated<Date>;
}

/** A PhaseRecord as jsonb holds it. */
export interface StoredPhaseRecord extends StoredAttempt {
  id: string;
  input: JsonObject;
  output: JsonObject;
  logs: string[];
  /** The attempts before it, as they were recorded. */
  earlier?: StoredAttempt[];
}

/** What of a PhaseRecord is kept when the next attempt's takes its place. Its instants are RFC 3339 texts. */
export interface StoredAttempt {
  error: string;
  status: PhaseStatus;
  startedAt: string;
  completedAt: string;
  attempts: number;
  httpStatus: number | null;
  /** Milliseconds of connect, wait and body. Absent: recorded by a version that did not measure them. */
  times?: [number | null, number | null, number | null];
  retryAt?: string | undefined;
}

export interface IdempotencyKeysTable {
  accountId: string;
  key: string;
  requestHash: Buffer;
  responseStatus: number | null;
  responseBody: ColumnType<JsonValue | null, string | null, string | null>;
  createdAt: Generated<Date>;
}

export interface AuditLogTable {
  id: string;
  accountId: string;
  at: Date;
  actorKind: Actor['kind'];
  actorId: string;
  action: AuditAction;
  targetType: string;
  targetId: string;
  before: JsonObject | null;
  after: JsonObject | null;
  requestId: string | null;
  clientAddress: string | null;
}

export type EventsTable = PublishedEvent & { publishedAt: Date };

export interface EventSettingsTable {
  accountId: string;
  executionEvents: boolean;
}

export interface EventEndpointsTable extends EventEndpoint {
  /** The position after which events were dropped that it had not taken; it has to be told of that. */
  lostAfter: number | null;
  /** Whoever delivers to it holds the lease, until an instant. */
  lease: string | null;
  leasedUntil: Date | null;
}
